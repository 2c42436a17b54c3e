class never_flushed {
    public static void main(String[] args) {
        int n = new java.util.Scanner(System.in).nextInt();
        java.io.PrintWriter out = new java.io.PrintWriter(System.out);
        for (int i = 1; i <= n; i++) out.println(i);
    }
}
