package io.portproxy.config.bind;

import io.portproxy.config.properties.Secret;
import java.util.Optional;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * A key that stands for no property. It is one mistake, however many keys are below it.
 *
 * @param written the key up to the wrong element, as it was written
 * @param whole whether nothing is below the wrong element, so that the value is that of this key
 * @param meant the property that was probably meant
 * @param reason what is wrong
 * @param fix what to write instead
 */
record Mistake(String written, boolean whole, Optional<String> meant, String reason, String fix) {
    private static final String UNKNOWN = "there is no such property";

    /** A key whose first {@code elements} are right or a list's index, and whose next one is not known. */
    static Mistake unknown(ConfigurationPropertyName name, int elements, Optional<String> meant, String otherwise) {
        return of(
                name,
                elements,
                meant,
                meant.map(key -> "did you mean " + key + "?").orElse(otherwise));
    }

    /** The same, with a fix in words. */
    static Mistake of(ConfigurationPropertyName name, int elements, Optional<String> meant, String fix) {
        boolean whole = elements + 1 == name.getNumberOfElements();
        return new Mistake(written(name, elements + 1), whole, meant, UNKNOWN, fix);
    }

    /** The first elements of a name, as they were written. */
    static String written(ConfigurationPropertyName name, int elements) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < elements; i++) {
            String element = name.getElement(i, Form.ORIGINAL);
            text.append(name.isNumericIndex(i) ? "[" + element + "]" : (i == 0 ? "" : ".") + element);
        }
        return text.toString();
    }

    /** Whether its value may be shown: it is hardly a secret under a wrong name. */
    boolean isHarmless() {
        return whole && meant.filter(key -> !Secret.isAt(key)).isPresent();
    }
}
