import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts a product's images into the shop. */
public final class ImageImport {
    private final Shop shop;

    public ImageImport(Shop shop) {
        this.shop = shop;
    }

    /** Takes base64 by name; answers the names of those that the shop refused. */
    public List<String> run(String sku, Map<String, String> images) throws Exception {
        List<String> refused = new ArrayList<>();
        for (Map.Entry<String, String> image : images.entrySet()) {
            try {
                shop.createImage(sku, image.getKey(), image.getValue());
            } catch (ShopFault fault) {
                // 104: no image that the shop can show. Anything else is for whoever runs the import.
                if (!fault.code.equals("104")) throw fault;
                refused.add(image.getKey());
            }
        }
        return refused;
    }
}
