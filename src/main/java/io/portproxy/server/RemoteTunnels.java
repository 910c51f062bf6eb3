package io.portproxy.server;

import io.portproxy.protocol.OpaqueBytes;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Reject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The tunnels of one remote name. It selects the tunnel for the next user. On the remote's loop. */
final class RemoteTunnels {
    /** The maximum of {@code portproxy.client.tunnels}. */
    private static final int MAX_TUNNELS_OF_AN_INSTANCE = 16;

    private static final int MAX_TUNNELS = 1024;

    private final OnDuplicate onDuplicate;
    private final List<RemoteTunnel> all = new ArrayList<>();
    private int turn;

    RemoteTunnels(OnDuplicate onDuplicate) {
        this.onDuplicate = onDuplicate;
    }

    /**
     * Returns why a new tunnel is refused because of the other tunnels; empty if it is not. Only the first tunnel of an
     * instance takes a name over. A later one that arrives late must not take the name back from an instance that has
     * taken it meanwhile.
     *
     * @param index the number of the new tunnel among those of its instance
     */
    Optional<Reject> keepOut(OpaqueBytes instance, int index) {
        if (index >= MAX_TUNNELS_OF_AN_INSTANCE || all.size() >= MAX_TUNNELS) {
            String limit = "a remote has at most " + MAX_TUNNELS_OF_AN_INSTANCE + " tunnels, and a name at most "
                    + MAX_TUNNELS + " of all instances together";
            return Optional.of(new Reject(Reason.LIMIT, index < MAX_TUNNELS_OF_AN_INSTANCE, limit));
        }
        boolean taken = all.stream().anyMatch(tunnel -> !tunnel.instance().equals(instance));
        if (!taken || onDuplicate == OnDuplicate.BALANCE) {
            return Optional.empty();
        }
        if (onDuplicate == OnDuplicate.REFUSE) {
            String why = "another instance has the remote name (on-duplicate: refuse)";
            return Optional.of(new Reject(Reason.DENIED, true, why));
        }
        return index == 0
                ? Optional.empty()
                : Optional.of(new Reject(Reason.REPLACED, true, "another instance has taken the remote name over"));
    }

    /**
     * Adds a tunnel that was not refused.
     *
     * @return the tunnels that it replaces, which get no new streams: the same tunnel of the same instance, which may
     *     be half-open, and, unless instances share the name, the tunnels of other instances
     */
    List<RemoteTunnel> add(RemoteTunnel fresh) {
        List<RemoteTunnel> replaced = all.stream()
                .filter(tunnel -> fresh.isSameTunnel(tunnel)
                        || (onDuplicate != OnDuplicate.BALANCE
                                && !fresh.instance().equals(tunnel.instance())))
                .toList();
        all.removeAll(replaced);
        all.add(fresh);
        return replaced;
    }

    /** A tunnel of another instance, which would lose the name to this one. */
    Optional<RemoteTunnel> rival(RemoteTunnel fresh) {
        return onDuplicate == OnDuplicate.REPLACE
                ? all.stream()
                        .filter(tunnel -> !tunnel.instance().equals(fresh.instance()))
                        .findFirst()
                : Optional.empty();
    }

    boolean remove(RemoteTunnel tunnel) {
        return all.remove(tunnel);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Whether no tunnel is up; a tunnel that is up but has too many streams does not count as away. */
    boolean areAway() {
        for (RemoteTunnel tunnel : all) {
            if (!tunnel.isAway()) {
                return false;
            }
        }
        return true;
    }

    List<RemoteTunnel> all() {
        return List.copyOf(all);
    }

    /**
     * Selects the tunnel for a new stream: the instances take turns, and the tunnel of the instance with the fewest
     * streams gets it.
     */
    Optional<RemoteTunnel> next() {
        if (all.size() == 1) { // the usual case, once for each user
            RemoteTunnel only = all.get(0);
            return only.isAvailable() ? Optional.of(only) : Optional.empty();
        }
        List<OpaqueBytes> instances = all.stream()
                .filter(RemoteTunnel::isAvailable)
                .map(RemoteTunnel::instance)
                .distinct()
                .toList();
        if (instances.isEmpty()) {
            return Optional.empty();
        }
        turn = (turn + 1) % instances.size();
        OpaqueBytes instance = instances.get(turn);
        return all.stream()
                .filter(tunnel -> tunnel.isAvailable() && tunnel.instance().equals(instance))
                .min(Comparator.comparingInt(RemoteTunnel::load));
    }
}
