package io.portproxy.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Upgrade} lines of one request. Protocols that carry HTTP again ({@code h2c}, {@code TLS}) are removed from
 * the list, because PortProxy could not see the requests inside them. RFC 9110 section 7.8 allows a server to ignore
 * any of it.
 */
final class UpgradeLines {
    private record Line(int from, ByteRange value, int end) {}

    private final byte[] bytes;
    private final HeadEdits edits;
    private final List<Line> upgrades = new ArrayList<>(0);
    private final List<ByteRange> keys = new ArrayList<>(0);
    private @Nullable WebSocketKey key;

    UpgradeLines(byte[] bytes, HeadEdits edits) {
        this.bytes = bytes;
        this.edits = edits;
    }

    void readUpgrade(int line, int colon, int end) {
        upgrades.add(new Line(line, ByteRange.value(bytes, colon, end), end));
    }

    void readKey(int colon, int end) {
        keys.add(ByteRange.value(bytes, colon, end));
    }

    /** Returns the key that replaces the user's; null if none does. */
    @Nullable
    WebSocketKey key() {
        return key;
    }

    /** Removes what must not pass. Returns whether the target gets any {@code Upgrade}. */
    boolean finish(Switching switching) {
        boolean proves = switching == Switching.PROVED;
        boolean passes = switching == Switching.FREE
                || (proves && keys.size() == 1 && keys.get(0).to() - keys.get(0).from() == WebSocketKey.LENGTH);
        boolean any = false;
        for (Line line : upgrades) {
            String offered = line.value.text(bytes);
            String kept = passes ? kept(offered, proves) : "";
            if (kept.isEmpty()) {
                edits.dropLine(line.from, line.end);
            } else if (!kept.equals(offered)) {
                edits.replace(line.value.from(), line.value.to(), kept);
            }
            any |= !kept.isEmpty();
        }
        if (any && proves) {
            ByteRange users = keys.get(0);
            key = WebSocketKey.inPlaceOf(users.text(bytes));
            edits.replace(users.from(), users.to(), key.ours());
        }
        return any;
    }

    private static String kept(String offered, boolean webSocketAlone) {
        List<String> all = new ArrayList<>();
        for (String protocol : offered.split(",", -1)) {
            String name = protocol.strip().toLowerCase(Locale.ROOT);
            boolean carriesHttp = name.startsWith("h2") || name.startsWith("http") || name.startsWith("tls");
            if (!name.isEmpty() && (webSocketAlone ? name.equals("websocket") : !carriesHttp)) {
                all.add(protocol.strip());
            }
        }
        String kept = String.join(", ", all);
        return kept.equals(offered.replaceAll("\\s*,\\s*", ", ")) ? offered : kept;
    }
}
