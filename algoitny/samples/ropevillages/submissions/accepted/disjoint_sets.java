import java.util.Scanner;

public class RopeVillages {
    static int[] leader;

    static int find(int village) {
        while (leader[village] != village) {
            leader[village] = leader[leader[village]];
            village = leader[village];
        }
        return village;
    }

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        int m = in.nextInt();
        leader = new int[n + 1];
        int[] size = new int[n + 1];
        for (int village = 1; village <= n; village++) {
            leader[village] = village;
            size[village] = 1;
        }
        int largest = 1;
        StringBuilder found = new StringBuilder();
        for (int i = 0; i < m; i++) {
            int a = find(in.nextInt());
            int b = find(in.nextInt());
            if (a != b) {
                int small = size[a] < size[b] ? a : b;
                int large = small == a ? b : a;
                leader[small] = large;
                size[large] += size[small];
                largest = Math.max(largest, size[large]);
            }
            found.append(largest).append('\n');
        }
        System.out.print(found);
    }
}
