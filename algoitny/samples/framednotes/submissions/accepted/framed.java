import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

class FramedNotes {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        String[] note = new String[Integer.parseInt(in.readLine())];
        int width = 0;
        for (int i = 0; i < note.length; i++) {
            note[i] = in.readLine();
            width = Math.max(width, note[i].length());
        }
        String border = "#".repeat(width + 4);
        System.out.println(border);
        for (String line : note) {
            System.out.println("# " + line + " ".repeat(width - line.length()) + " #");
        }
        System.out.println(border);
    }
}
