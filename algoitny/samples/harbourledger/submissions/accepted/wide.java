import java.io.IOException;
import java.io.StreamTokenizer;
import java.io.InputStreamReader;

public class HarbourLedger {
    public static void main(String[] args) throws IOException {
        StreamTokenizer in = new StreamTokenizer(new InputStreamReader(System.in));
        in.nextToken();
        int n = (int) in.nval;
        long total = 0;
        for (int i = 0; i < n; i++) {
            in.nextToken();
            long q = (long) in.nval;
            in.nextToken();
            total += q * (long) in.nval;
        }
        System.out.println(total);
    }
}
