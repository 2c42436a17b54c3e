import java.util.Scanner;

public class MirrorSigns {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = Integer.parseInt(in.nextLine());
        for (int i = 0; i < n; i++) {
            String sign = in.nextLine().replace(" ", "").toLowerCase();
            boolean same = new StringBuilder(sign).reverse().toString().equals(sign);
            System.out.println(same ? "yes" : "no");
        }
    }
}
