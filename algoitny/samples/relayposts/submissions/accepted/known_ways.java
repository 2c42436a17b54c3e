import java.util.Arrays;
import java.util.Scanner;

public class RelayPosts {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        int[] following = new int[n + 1];
        for (int post = 1; post <= n; post++) {
            following[post] = in.nextInt();
        }
        int[] ways = new int[n + 1];
        Arrays.fill(ways, 1, n + 1, -1);
        int[] passed = new int[n + 1];
        int farthest = 0;
        for (int post = 1; post <= n; post++) {
            int count = 0;
            int here = post;
            for (; ways[here] < 0; here = following[here]) {
                passed[count++] = here;
            }
            int way = ways[here];
            while (count > 0) {
                ways[passed[--count]] = ++way;
            }
            farthest = Math.max(farthest, ways[post]);
        }
        int most = farthest;
        System.out.println(most + " " + Arrays.stream(ways).filter(way -> way == most).count());
    }
}
