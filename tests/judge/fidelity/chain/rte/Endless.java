public class Endless {
    static int depth(int i) { return 1 + depth(i + 1); }
    public static void main(String[] args) { System.out.println(depth(1)); }
}
