public class no_such_element {
    public static void main(String[] args) {
        java.util.Scanner in = new java.util.Scanner(System.in);
        do {
            int n = in.nextInt();
            if (n % 2 == 0) System.out.println(n);
        } while (in.hasNextInt());
    }
}
