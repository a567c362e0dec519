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
            shop.createImage(sku, image.getKey(), image.getValue());
        }
        return refused;
    }
}
