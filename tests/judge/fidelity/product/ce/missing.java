public class missing {
    public static void main(String[] args) {
        System.out.println(undeclared * 2);
    }
}
