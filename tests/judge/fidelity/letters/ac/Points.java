import java.util.*;

public class Points {
    public static void main(String[] args) {
        String s = new Scanner(System.in).nextLine();
        System.out.println(s.codePointCount(0, s.length()));
        System.out.println(new StringBuilder(s).reverse());
    }
}
