package io.portproxy.server;

import io.portproxy.net.ReadyHandler;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The connections to the tunnel port that have not said and proved a name yet, TLS handshakes among them, up to a limit.
 * When that is reached, the address from which most of them come loses its oldest, so that neither another address nor a
 * newcomer from the same one, as behind a NAT, is kept out by connections that say nothing. On the loop of the tunnel port.
 */
final class Greetings {
    private final int limit;
    private final Consumer<ReadyHandler> crowdedOut;
    private final Map<ReadyHandler, ByteBuffer> byAge = new LinkedHashMap<>();
    private volatile int size; // for other threads

    /**
     * @param crowdedOut told when one is ended for a newcomer
     */
    Greetings(int limit, Consumer<ReadyHandler> crowdedOut) {
        this.limit = limit;
        this.crowdedOut = crowdedOut;
    }

    /**
     * Makes sure that another may come from an address. At the limit, the address from which most come, the newcomer counted,
     * loses its oldest; the newcomer's own, if there are several such.
     */
    void makeRoomFor(InetAddress address) {
        if (byAge.size() < limit) {
            return;
        }
        ByteBuffer crowd = crowd(network(address));
        byAge.entrySet().stream()
                .filter(entry -> entry.getValue().equals(crowd))
                .findFirst()
                .map(Map.Entry::getKey)
                .ifPresent(oldest -> {
                    remove(oldest);
                    crowdedOut.accept(oldest);
                    oldest.abort();
                });
    }

    private ByteBuffer crowd(ByteBuffer newcomer) {
        Map<ByteBuffer, Integer> counts = new HashMap<>();
        byAge.values().forEach(network -> counts.merge(network, 1, Integer::sum));
        counts.computeIfPresent(newcomer, (network, count) -> count + 1);
        ByteBuffer most = newcomer;
        for (Map.Entry<ByteBuffer, Integer> entry : counts.entrySet()) {
            if (entry.getValue() > counts.getOrDefault(most, 0)) {
                most = entry.getKey();
            }
        }
        return most;
    }

    /** An IPv4 address, or the 64 bits of an IPv6 one whose holder has all that follow. */
    static ByteBuffer network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(bytes.length == 16 ? Arrays.copyOf(bytes, 8) : bytes);
    }

    void add(ReadyHandler greeting, InetAddress address) {
        byAge.put(greeting, network(address));
        size = byAge.size();
    }

    /** Returns whether it was there. */
    boolean remove(ReadyHandler greeting) {
        boolean there = byAge.remove(greeting) != null;
        size = byAge.size();
        return there;
    }

    /** How many there are. Any thread. */
    int size() {
        return size;
    }

    void abortAll() {
        List.copyOf(byAge.keySet()).forEach(ReadyHandler::abort);
    }
}
