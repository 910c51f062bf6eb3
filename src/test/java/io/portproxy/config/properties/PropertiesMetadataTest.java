package io.portproxy.config.properties;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/** Tests the metadata of the properties, which editors show. */
class PropertiesMetadataTest {
    private static final String FILE = "/META-INF/spring-configuration-metadata.json";

    @Test
    void describesEveryPropertyWithItsDefaultAndRange() throws IOException {
        List<Map<String, Object>> properties = read("properties");

        assertThat(properties).hasSizeGreaterThan(30).allSatisfy(property -> {
            String description = String.valueOf(property.get("description"));
            assertThat(description).as("%s", property.get("name")).containsAnyOf("Default: ", "Required.");
            if (property.get("defaultValue") != null) {
                assertThat(description).contains("Default: " + property.get("defaultValue"), "Range");
            }
        });
    }

    @Test
    void knowsEveryComponentOfTheRecords() throws IOException {
        List<String> expected = new ArrayList<>();
        addNames(PortProxyProperties.class, PortProxyProperties.PREFIX, expected);

        assertThat(read("properties"))
                .extracting(property -> String.valueOf(property.get("name")))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void describesTheKeysOfListEntriesWithTheList() throws IOException {
        String description = read("properties").stream()
                .filter(property -> "portproxy.server.proxy".equals(property.get("name")))
                .map(property -> String.valueOf(property.get("description")))
                .findFirst()
                .orElseThrow();

        for (Class<?> entry : List.of(RemoteProperties.class, PortProperties.class)) {
            for (RecordComponent component : entry.getRecordComponents()) {
                assertThat(description).contains(DataObjectPropertyName.toDashedForm(component.getName()));
            }
        }
    }

    @Test
    void hintsAtKnownPropertiesOnly() throws IOException {
        List<Object> names = new ArrayList<>();
        read("properties").forEach(property -> names.add(property.get("name")));

        assertThat(read("hints"))
                .isNotEmpty()
                .allSatisfy(hint -> assertThat(names).contains(hint.get("name")));
    }

    private static void addNames(Class<?> group, String prefix, List<String> names) {
        for (RecordComponent component : group.getRecordComponents()) {
            String name = prefix + "." + DataObjectPropertyName.toDashedForm(PropertyName.of(component));
            if (component.getType().isRecord()) {
                addNames(component.getType(), name, names);
            } else {
                names.add(name);
            }
        }
    }

    private static List<Map<String, Object>> read(String kind) throws IOException {
        try (InputStream in = Objects.requireNonNull(PropertiesMetadataTest.class.getResourceAsStream(FILE))) {
            List<Map<String, Object>> all = JsonPath.parse(in).read("$." + kind);
            // Spring Boot writes the entries of our actuator endpoints.
            return all.stream()
                    .filter(entry -> String.valueOf(entry.get("name")).startsWith(PortProxyProperties.PREFIX))
                    .toList();
        }
    }
}
