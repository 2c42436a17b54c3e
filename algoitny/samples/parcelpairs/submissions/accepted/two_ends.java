import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StreamTokenizer;
import java.util.Arrays;

public class ParcelPairs {
    public static void main(String[] args) throws IOException {
        StreamTokenizer in = new StreamTokenizer(new InputStreamReader(System.in));
        in.nextToken();
        int n = (int) in.nval;
        in.nextToken();
        long w = (long) in.nval;
        long[] weights = new long[n];
        for (int i = 0; i < n; i++) {
            in.nextToken();
            weights[i] = (long) in.nval;
        }
        Arrays.sort(weights);
        long pairs = 0;
        int low = 0;
        int high = n - 1;
        while (low < high) {
            long sum = weights[low] + weights[high];
            if (sum < w) {
                low++;
            } else if (sum > w) {
                high--;
            } else if (weights[low] == weights[high]) {
                long same = high - low + 1;
                pairs += same * (same - 1) / 2;
                break;
            } else {
                long lows = 1;
                long highs = 1;
                for (; weights[low + 1] == weights[low]; low++) {
                    lows++;
                }
                for (; weights[high - 1] == weights[high]; high--) {
                    highs++;
                }
                pairs += lows * highs;
                low++;
                high--;
            }
        }
        System.out.println(pairs);
    }
}
