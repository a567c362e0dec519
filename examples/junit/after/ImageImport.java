import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Adds images to a product. */
public final class ImageImport {
    private final Shop shop;

    public ImageImport(Shop shop) {
        this.shop = shop;
    }

    /** Takes base64 by name, and returns the names of the images that the shop refused. */
    public List<String> run(String sku, Map<String, String> images) throws Exception {
        List<String> refused = new ArrayList<>();
        for (Map.Entry<String, String> image : images.entrySet()) {
            try {
                shop.createImage(sku, image.getKey(), image.getValue());
            } catch (ShopFault fault) {
                // Skip a file that is no image (fault 104); pass on any other fault.
                if (!fault.code.equals("104")) throw fault;
                refused.add(image.getKey());
            }
        }
        return refused;
    }
}
