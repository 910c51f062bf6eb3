package io.portproxy.config.bind;

import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.util.ClassUtils;

/**
 * The keys of Spring Boot that exist in the libraries of this application, read from their metadata. Spring Boot ignores unknown
 * keys silently, so that {@code server.prot} leaves the server at the default port.
 */
final class SpringKeys {
    /** The first elements of those keys. */
    static final Set<String> ROOTS = Set.of("spring", "server", "management", "logging");

    /** Keys that almost every start gives. The metadata need not be read for them, which takes a good part of a start. */
    static final Set<ConfigurationPropertyName> USUAL = Stream.of(
                    "spring.config.additional-location",
                    "spring.config.import",
                    "spring.config.location",
                    "spring.profiles.active",
                    "server.address",
                    "server.port")
            .map(ConfigurationPropertyName::of)
            .collect(Collectors.toUnmodifiableSet());

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final Pattern MAP =
            Pattern.compile("java\\.util\\.Map<[^,]+,(org\\.springframework\\.boot\\.[\\w.$]+)>");

    private final Node root = new Node();

    /** A key, with the keys below it by their names. {@code open} means that anything may be below it, as in a map or a list. */
    private static final class Node {
        private final Map<String, Node> children = new TreeMap<>();
        private boolean open;
        private String bean = ""; // the class with the properties below; empty once expanded

        Node child(String key) {
            return children.computeIfAbsent(key, k -> new Node());
        }

        Optional<Node> find(String uniform) {
            return children.entrySet().stream()
                    .filter(entry -> KnownKeys.uniform(entry.getKey()).equals(uniform)
                            || entry.getKey().equals("*"))
                    .map(Map.Entry::getValue)
                    .findFirst();
        }
    }

    /** Reads the metadata, which are some hundred kilobytes. */
    SpringKeys() {
        add("spring.application.json", "java.lang.String"); // Spring Boot reads this key, but its metadata lack it
        try {
            for (URL url : Collections.list(SpringKeys.class.getClassLoader().getResources(METADATA))) {
                try (InputStream in = url.openStream()) {
                    read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(String json) {
        Object properties = JsonParserFactory.getJsonParser().parseMap(json).get("properties");
        for (Object property : properties instanceof List<?> list ? list : List.of()) {
            if (property instanceof Map<?, ?> map && map.get("name") instanceof String name) {
                add(name, String.valueOf(map.get("type")));
            }
        }
    }

    private void add(String name, String type) {
        Node node = root;
        for (String key : name.split("\\.", -1)) {
            node = node.child(key);
        }
        Matcher map = MAP.matcher(type);
        if (map.matches()) {
            node.child("*").bean = map.group(1);
        } else if (type.startsWith("java.util.") || type.endsWith("[]")) {
            node.open = true;
        }
    }

    /** Adds the properties of a key's class below the key. If the class cannot be loaded, anything may be below it. */
    private static void expand(Node node) {
        String bean = node.bean;
        node.bean = "";
        try {
            Class<?> type = ClassUtils.resolveClassName(bean, SpringKeys.class.getClassLoader());
            for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
                add(node.child(DataObjectPropertyName.toDashedForm(property.getName())), property.getPropertyType());
            }
        } catch (IllegalArgumentException | LinkageError e) {
            node.open = true;
        }
    }

    private static void add(Node child, @Nullable Class<?> type) {
        if (type == null || type.isArray() || !BeanUtils.isSimpleValueType(type)) {
            child.bean = type != null && type.getName().startsWith("org.springframework.boot.") ? type.getName() : "";
            child.open = child.bean.isEmpty();
        }
    }

    /** Returns what is wrong with a name that begins with one of {@link #ROOTS}; empty if there is such a key. */
    Optional<UnknownKey> mistake(ConfigurationPropertyName name) {
        Node node = root;
        for (int i = 0; i < name.getNumberOfElements() && !node.open; i++) {
            String element = name.getElement(i, Form.UNIFORM);
            Optional<Node> child = name.isNumericIndex(i) ? Optional.empty() : node.find(element);
            if (child.isEmpty()) {
                String path = UnknownKey.written(name, i);
                Optional<String> meant =
                        KnownKeys.nearest(node.children.keySet(), element).map(key -> path + "." + key);
                return Optional.of(UnknownKey.unknown(name, i, meant, fix(node, path)));
            }
            node = child.get();
            if (!node.bean.isEmpty()) {
                expand(node);
            }
        }
        return Optional.empty();
    }

    private static String fix(Node node, String path) {
        return node.children.isEmpty()
                ? "write the value at " + path
                : "remove it; the keys here are " + String.join(", ", node.children.keySet());
    }
}
