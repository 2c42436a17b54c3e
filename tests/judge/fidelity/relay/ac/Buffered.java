import java.io.*;

public class Buffered {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        StringBuilder out = new StringBuilder();
        int n = Integer.parseInt(in.readLine());
        while (n-- > 0) out.append(Integer.parseInt(in.readLine()) + 1).append('\n');
        System.out.print(out);
    }
}
