import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Scanner;

public class TrailTolls {
    record Trail(int end, long toll) {}

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        int m = in.nextInt();
        List<List<Trail>> trails = new ArrayList<>();
        for (int village = 0; village <= n; village++) {
            trails.add(new ArrayList<>());
        }
        for (int i = 0; i < m; i++) {
            int a = in.nextInt();
            int b = in.nextInt();
            long toll = in.nextLong();
            trails.get(a).add(new Trail(b, toll));
            trails.get(b).add(new Trail(a, toll));
        }
        boolean[] settled = new boolean[n + 1];
        PriorityQueue<Trail> waiting = new PriorityQueue<>((x, y) -> Long.compare(x.toll, y.toll));
        waiting.add(new Trail(1, 0));
        while (!waiting.isEmpty()) {
            Trail here = waiting.remove();
            if (here.end == n) {
                System.out.println(here.toll);
                return;
            }
            if (settled[here.end]) {
                continue;
            }
            settled[here.end] = true;
            for (Trail next : trails.get(here.end)) {
                if (!settled[next.end]) {
                    waiting.add(new Trail(next.end, here.toll + next.toll));
                }
            }
        }
        System.out.println(-1);
    }
}
