package io.portproxy.config.bind;

import io.portproxy.config.properties.PortProxyProperties;
import io.portproxy.config.properties.PropertyName;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.ResolvableType;

/** The keys that exist, read from the records. Tells whether a key is right, and finds the nearest right key for a wrong one. */
public final class KnownKeys {
    private static final int RELATED_LETTERS = 4;

    private final Node root = node(ResolvableType.forClass(PortProxyProperties.class));

    /**
     * A key. It has entries if it is a list, or keys below it. If it is a map, any keys may be below it. Otherwise it has a
     * value.
     */
    private record Node(Map<String, Node> children, boolean list, boolean map) {
        Optional<Map.Entry<String, Node>> child(String uniform) {
            return children.entrySet().stream()
                    .filter(entry -> uniform(entry.getKey()).equals(uniform))
                    .findFirst();
        }
    }

    /**
     * How much of a name is known.
     *
     * @param node the last known key
     * @param path its name as it is documented
     * @param elements the number of elements of the name that are known
     * @param entryMissing whether the next element must be the index of a list
     */
    private record Walk(Node node, String path, int elements, boolean entryMissing) {}

    private static Node node(ResolvableType type) {
        Class<?> raw = type.toClass();
        boolean list = List.class.isAssignableFrom(raw);
        Class<?> group = list ? type.asCollection().getGeneric(0).toClass() : raw;
        Map<String, Node> children = new TreeMap<>();
        if (group.isRecord()) {
            for (RecordComponent component : group.getRecordComponents()) {
                children.put(
                        DataObjectPropertyName.toDashedForm(PropertyName.of(component)),
                        node(ResolvableType.forMethodReturnType(component.getAccessor())));
            }
        }
        return new Node(children, list, Map.class.isAssignableFrom(raw));
    }

    /**
     * Returns whether there is such a key. The key may have any spelling that Spring Boot accepts, and any index where there is a
     * list.
     */
    public boolean contains(ConfigurationPropertyName name) {
        return walk(name).elements == name.getNumberOfElements();
    }

    /** Returns the documented form of a name as far as the name is known, and the rest unchanged. */
    String documented(ConfigurationPropertyName name) {
        Walk walk = walk(name);
        String rest = name.subName(walk.elements).toString();
        return walk.path + (rest.isEmpty() || rest.startsWith("[") ? rest : "." + rest);
    }

    /** Returns the keys of a record. */
    Set<String> of(Class<?> group) {
        return node(ResolvableType.forClass(group)).children.keySet();
    }

    /** Returns what is wrong with a name that is not known. */
    UnknownKey mistake(ConfigurationPropertyName name) {
        Walk walk = walk(name);
        String wrong = name.getElement(walk.elements, Form.UNIFORM);
        if (walk.entryMissing) {
            return new UnknownKey(
                    UnknownKey.written(name, walk.elements),
                    false,
                    Optional.of(walk.path),
                    "is a list, but what is below it is not a list entry",
                    "write " + walk.path + " as a list, each entry behind a dash");
        } else if (name.isNumericIndex(walk.elements)) {
            return UnknownKey.of(
                    name, walk.elements, Optional.of(walk.path), "write it without [" + wrong + "]: it is no list");
        } else if (walk.node.children.isEmpty()) {
            return UnknownKey.of(name, walk.elements, Optional.of(walk.path), "write the value at " + walk.path);
        }
        return UnknownKey.unknown(
                name,
                walk.elements,
                meant(walk, wrong),
                "remove it; the keys here are " + String.join(", ", walk.node.children.keySet()));
    }

    private Optional<String> meant(Walk walk, String wrong) {
        return nearest(walk.node.children.keySet(), wrong)
                .map(key -> walk.path + "." + key)
                .or(() -> find(root, PortProxyProperties.PREFIX, wrong));
    }

    /**
     * Returns the key that somebody probably meant by a wrong one: a few letters differ, or one key is the beginning or a part of
     * the other, as in {@code proxies} or {@code name}.
     *
     * @param wrong the wrong key, without dashes, in small letters
     */
    static Optional<String> nearest(Set<String> keys, String wrong) {
        return keys.stream()
                .filter(key -> isNear(uniform(key), wrong))
                .min(Comparator.comparingInt(key -> distance(uniform(key), wrong)));
    }

    private static boolean isNear(String key, String wrong) {
        int common = 0;
        while (common < Math.min(key.length(), wrong.length()) && key.charAt(common) == wrong.charAt(common)) {
            common++;
        }
        boolean related =
                common * 2 >= Math.max(key.length(), wrong.length()) || key.contains(wrong) || wrong.contains(key);
        return distance(key, wrong) <= Math.max(1, wrong.length() / 3)
                || (related && Math.min(key.length(), wrong.length()) >= RELATED_LETTERS);
    }

    private Walk walk(ConfigurationPropertyName name) {
        Node node = root;
        String path = PortProxyProperties.PREFIX;
        boolean entryMissing = false;
        for (int i = 1; i < name.getNumberOfElements(); i++) {
            if (name.isNumericIndex(i) && entryMissing) {
                path += "[" + name.getElement(i, Form.ORIGINAL) + "]";
                entryMissing = false;
                continue;
            }
            Optional<Map.Entry<String, Node>> child = name.isNumericIndex(i) || entryMissing
                    ? Optional.empty()
                    : node.child(name.getElement(i, Form.UNIFORM));
            if (child.isEmpty()) {
                return new Walk(node, path, i, entryMissing);
            }
            node = child.get().getValue();
            path += "." + child.get().getKey();
            entryMissing = node.list;
            if (node.map) {
                return new Walk(node, path + rest(name, i + 1), name.getNumberOfElements(), false);
            }
        }
        return new Walk(node, path, name.getNumberOfElements(), entryMissing);
    }

    /** Returns the elements after a map's name, which may be any. */
    private static String rest(ConfigurationPropertyName name, int from) {
        return from == name.getNumberOfElements() ? "" : "." + name.subName(from);
    }

    private static Optional<String> find(Node node, String path, String wrong) {
        List<Map.Entry<String, Node>> entries = new ArrayList<>(node.children.entrySet());
        for (Map.Entry<String, Node> entry : entries) {
            String key = path + "." + entry.getKey();
            if (uniform(entry.getKey()).equals(wrong)) {
                return Optional.of(key);
            }
            Optional<String> below = find(entry.getValue(), entry.getValue().list ? key + "[0]" : key, wrong);
            if (below.isPresent()) {
                return below;
            }
        }
        return Optional.empty();
    }

    /** Converts a documented key to the form that {@link Form#UNIFORM} produces. */
    static String uniform(String dashed) {
        return dashed.replace("-", "");
    }

    /** Returns the number of edits between two words. An edit inserts, deletes or replaces a letter, or swaps two neighbours. */
    static int distance(String a, String b) {
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                edits[i][j] = i == 0 || j == 0 ? i + j : edits(edits, a, b, i, j);
            }
        }
        return edits[a.length()][b.length()];
    }

    private static int edits(int[][] edits, String a, String b, int i, int j) {
        int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, edits[i - 2][j - 2] + 1) : least;
    }
}
