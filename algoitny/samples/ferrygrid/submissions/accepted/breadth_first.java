import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Scanner;

public class FerryGrid {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int r = in.nextInt();
        int c = in.nextInt();
        // A border of reeds, so that no move needs to ask whether it leaves the map.
        int width = c + 1;
        StringBuilder lake = new StringBuilder("#".repeat(width));
        for (int row = 0; row < r; row++) {
            lake.append(in.next()).append('#');
        }
        lake.append("#".repeat(width));
        int start = lake.indexOf("S");
        int target = lake.indexOf("T");
        int[] minutes = new int[lake.length()];
        Arrays.fill(minutes, -1);
        minutes[start] = 0;
        ArrayDeque<Integer> waiting = new ArrayDeque<>();
        waiting.add(start);
        while (!waiting.isEmpty()) {
            int here = waiting.remove();
            for (int there : new int[] {here - 1, here + 1, here - width, here + width}) {
                if (lake.charAt(there) != '#' && minutes[there] < 0) {
                    minutes[there] = minutes[here] + 1;
                    waiting.add(there);
                }
            }
        }
        System.out.println(minutes[target] < 0 ? "ASHORE" : String.valueOf(minutes[target]));
    }
}
