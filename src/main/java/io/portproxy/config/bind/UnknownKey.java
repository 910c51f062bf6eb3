package io.portproxy.config.bind;

import io.portproxy.config.properties.Secret;
import java.util.Optional;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * A key that stands for no property. It counts as one mistake, even if there are several keys below it.
 *
 * @param written the key up to the wrong element, as somebody wrote it
 * @param whole whether the wrong element is the last one, so that the value belongs to this key
 * @param meant the property that was probably meant
 * @param reason what is wrong
 * @param fix what to write instead
 */
record UnknownKey(String written, boolean whole, Optional<String> meant, String reason, String fix) {
    private static final String UNKNOWN = "there is no such property";

    /** Returns a key whose first {@code elements} elements are right, and whose next one is not known. */
    static UnknownKey unknown(ConfigurationPropertyName name, int elements, Optional<String> meant, String otherwise) {
        return of(
                name,
                elements,
                meant,
                meant.map(key -> "did you mean " + key + "?").orElse(otherwise));
    }

    /** As {@link #unknown}, but with a fix in words. */
    static UnknownKey of(ConfigurationPropertyName name, int elements, Optional<String> meant, String fix) {
        boolean whole = elements + 1 == name.getNumberOfElements();
        return new UnknownKey(written(name, elements + 1), whole, meant, UNKNOWN, fix);
    }

    /** Returns the first elements of a name, as somebody wrote them. */
    static String written(ConfigurationPropertyName name, int elements) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < elements; i++) {
            String element = name.getElement(i, Form.ORIGINAL);
            text.append(name.isNumericIndex(i) ? "[" + element + "]" : (i == 0 ? "" : ".") + element);
        }
        return text.toString();
    }

    /** Returns whether a message may show the value, because it is hardly a secret under a wrong name. */
    boolean isHarmless() {
        return whole && meant.filter(key -> !Secret.isAt(key)).isPresent();
    }
}
