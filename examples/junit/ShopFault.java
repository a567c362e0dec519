/** A fault that the shop answered in place of a result. */
public final class ShopFault extends Exception {
    public final String code;

    public ShopFault(String code, String message) {
        super(code + ": " + message);
        this.code = code;
    }
}
