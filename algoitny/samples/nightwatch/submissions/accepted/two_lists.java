import java.util.Arrays;
import java.util.Scanner;

public class NightWatch {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        int[] begins = new int[n];
        int[] ends = new int[n];
        for (int i = 0; i < n; i++) {
            begins[i] = in.nextInt();
            ends[i] = in.nextInt();
        }
        Arrays.sort(begins);
        Arrays.sort(ends);
        int most = 0;
        int left = 0;
        for (int arrived = 0; arrived < n; arrived++) {
            while (ends[left] <= begins[arrived]) {
                left++;
            }
            most = Math.max(most, arrived + 1 - left);
        }
        System.out.println(most);
    }
}
