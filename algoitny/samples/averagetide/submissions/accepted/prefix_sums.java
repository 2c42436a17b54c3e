import java.util.Scanner;

public class AverageTide {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        int k = in.nextInt();
        long[] sums = new long[n + 1];
        for (int i = 0; i < n; i++) {
            sums[i + 1] = sums[i] + in.nextInt();
        }
        long best = sums[k];
        for (int end = k; end <= n; end++) {
            best = Math.max(best, sums[end] - sums[end - k]);
        }
        System.out.printf("%.9f%n", (double) best / k);
    }
}
