import java.util.Scanner;

public class Recursive {
    static int[] up, known;

    static int depth(int i) {
        if (i == 1) return 1;
        if (known[i] == 0) known[i] = 1 + depth(up[i]);
        return known[i];
    }

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt(), best = 0;
        up = new int[n + 1];
        known = new int[n + 1];
        for (int i = 2; i <= n; i++) up[i] = in.nextInt();
        for (int i = n; i > 0; i--) best = Math.max(best, depth(i));
        System.out.println(best);
    }
}
