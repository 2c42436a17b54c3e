import java.io.*;

class Stream {
    public static void main(String[] args) throws IOException {
        String s = new BufferedReader(new InputStreamReader(System.in)).readLine();
        for (int i = 0; i + 1 < s.length(); i += 2) System.out.write(Integer.parseInt(s.substring(i, i + 2), 16));
        System.out.flush();
    }
}
