import java.util.*;

public class Boxed {
    public static void main(String[] args) {
        long seed = new Scanner(System.in).nextLong();
        List<Long> table = new ArrayList<>();
        for (int i = 0; i < 6000000; i++) table.add((seed * 1000003 + i * 7919L) % 2147483647);
        System.out.println(table.get(3999999));
    }
}
