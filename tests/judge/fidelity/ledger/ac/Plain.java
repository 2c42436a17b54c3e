public class Plain {
    public static void main(String[] args) {
        long seed = new java.util.Scanner(System.in).nextLong();
        int[] table = new int[6000000];
        for (int i = 0; i < table.length; i++) table[i] = (int) ((seed * 1000003 + i * 7919L) % 2147483647);
        System.out.println(table[3999999]);
    }
}
