import java.math.BigInteger;
import java.util.Scanner;

class Big {
    public static void main(String[] args) {
        System.out.println(BigInteger.valueOf(3).pow(new Scanner(System.in).nextInt()));
    }
}
