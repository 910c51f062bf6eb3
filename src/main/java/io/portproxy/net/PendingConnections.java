package io.portproxy.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The connections to an exposed address whose peers have not yet sent what they want. TLS handshakes are among them. At
 * their limit, the {@linkplain Networks network} with the most of them loses its oldest. So connections that send nothing
 * keep out no other network, and no new user of the same network, for example behind a NAT. On the loop of the exposed
 * address, unless a method says otherwise.
 */
public final class PendingConnections {
    /**
     * What is known of a connection.
     *
     * @param crowdedOut is called if the connection is about to be ended to make room for a new one
     */
    private record Entry(String network, Runnable crowdedOut) {}

    private final Consumer<InetSocketAddress> crowdedOut;
    private final Map<ReadyHandler, Entry> byAge = new LinkedHashMap<>();
    private volatile int limit; // other threads may set it
    private volatile int size; // other threads may read it

    /**
     * @param limit the most connections at a time
     * @param crowdedOut gets the address of each connection that is about to be ended to make room for a new one
     */
    public PendingConnections(int limit, Consumer<InetSocketAddress> crowdedOut) {
        this.limit = limit;
        this.crowdedOut = crowdedOut;
    }

    /**
     * Makes room for a new connection from an address. At the limit, the network with the most connections loses its
     * oldest. The new connection counts. If several networks have the most, it is the network of the new connection.
     */
    public void makeRoomFor(InetAddress address) {
        if (byAge.size() < limit) {
            return;
        }
        String crowd = crowd(Networks.of(address));
        byAge.entrySet().stream()
                .filter(entry -> entry.getValue().network().equals(crowd))
                .findFirst()
                .ifPresent(oldest -> {
                    remove(oldest.getKey());
                    oldest.getValue().crowdedOut().run();
                    oldest.getKey().abort();
                });
    }

    private String crowd(String newcomer) {
        Map<String, Integer> counts = new HashMap<>();
        byAge.values().forEach(entry -> counts.merge(entry.network(), 1, Integer::sum));
        counts.computeIfPresent(newcomer, (network, count) -> count + 1);
        String most = newcomer;
        for (Map.Entry<String, Integer> entry : counts.entrySet()) {
            if (entry.getValue() > counts.getOrDefault(most, 0)) {
                most = entry.getKey();
            }
        }
        return most;
    }

    /** Adds a connection from an address. */
    public void add(ReadyHandler connection, InetSocketAddress address) {
        add(connection, address, () -> crowdedOut.accept(address));
    }

    /**
     * Adds a connection from an address.
     *
     * @param whenCrowdedOut is called when the connection is about to be ended to make room for a new one, instead of
     *     the receiver that all connections share
     */
    public void add(ReadyHandler connection, InetSocketAddress address, Runnable whenCrowdedOut) {
        byAge.put(connection, new Entry(Networks.of(address.getAddress()), whenCrowdedOut));
        size = byAge.size();
    }

    /** Removes a connection. Returns whether it was there. */
    public boolean remove(ReadyHandler connection) {
        boolean there = byAge.remove(connection) != null;
        size = byAge.size();
        return there;
    }

    /** Changes the limit. Existing connections stay. Any thread. */
    public void limit(int other) {
        limit = other;
    }

    /** Returns the number of connections. Any thread. */
    public int size() {
        return size;
    }

    /** Ends all connections. */
    public void abortAll() {
        List.copyOf(byAge.keySet()).forEach(ReadyHandler::abort);
    }
}
