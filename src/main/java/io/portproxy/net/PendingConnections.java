package io.portproxy.net;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The connections to an address that have not said yet what they want, TLS handshakes among them, up to a limit.
 * When that is reached, the address from which most of them come loses its oldest, so that neither another address nor a
 * newcomer from the same one, as behind a NAT, is kept out by connections that say nothing. On the loop of the address.
 */
public final class PendingConnections {
    private final Consumer<ReadyHandler> crowdedOut;
    private final Map<ReadyHandler, String> byAge = new LinkedHashMap<>();
    private volatile int limit; // by other threads, too
    private volatile int size; // for other threads

    /**
     * @param crowdedOut told when one is ended for a newcomer
     */
    public PendingConnections(int limit, Consumer<ReadyHandler> crowdedOut) {
        this.limit = limit;
        this.crowdedOut = crowdedOut;
    }

    /**
     * Makes sure that another may come from an address. At the limit, the address from which most come, the newcomer counted,
     * loses its oldest; the newcomer's own, if there are several such.
     */
    public void makeRoomFor(InetAddress address) {
        if (byAge.size() < limit) {
            return;
        }
        String crowd = crowd(Networks.of(address));
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

    private String crowd(String newcomer) {
        Map<String, Integer> counts = new HashMap<>();
        byAge.values().forEach(network -> counts.merge(network, 1, Integer::sum));
        counts.computeIfPresent(newcomer, (network, count) -> count + 1);
        String most = newcomer;
        for (Map.Entry<String, Integer> entry : counts.entrySet()) {
            if (entry.getValue() > counts.getOrDefault(most, 0)) {
                most = entry.getKey();
            }
        }
        return most;
    }

    /** Another one. */
    public void add(ReadyHandler connection, InetAddress address) {
        byAge.put(connection, Networks.of(address));
        size = byAge.size();
    }

    /** Returns whether it was there. */
    public boolean remove(ReadyHandler connection) {
        boolean there = byAge.remove(connection) != null;
        size = byAge.size();
        return there;
    }

    /** From now on there may be so many; those that are there stay. Any thread. */
    public void limit(int other) {
        limit = other;
    }

    /** How many there are. Any thread. */
    public int size() {
        return size;
    }

    /** Ends all. */
    public void abortAll() {
        List.copyOf(byAge.keySet()).forEach(ReadyHandler::abort);
    }
}
