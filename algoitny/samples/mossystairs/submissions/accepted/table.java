import java.util.Scanner;

public class MossyStairs {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        int m = in.nextInt();
        boolean[] mossy = new boolean[n + 1];
        for (int i = 0; i < m; i++) {
            mossy[in.nextInt()] = true;
        }
        long[] ways = new long[n + 3];
        ways[2] = 1;
        for (int step = 1; step <= n; step++) {
            long sum = ways[step - 1] + ways[step] + ways[step + 1];
            ways[step + 2] = mossy[step] ? 0 : sum % 1_000_000_007L;
        }
        System.out.println(ways[n + 2]);
    }
}
