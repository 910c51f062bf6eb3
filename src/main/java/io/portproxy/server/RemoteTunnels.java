package io.portproxy.server;

import io.portproxy.protocol.Opaque;
import io.portproxy.protocol.Reason;
import io.portproxy.protocol.Reject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The tunnels of one remote name. It chooses which of them gets the next user. On the remote's loop. */
final class RemoteTunnels {
    /** As many as {@code portproxy.client.tunnels} may be. */
    private static final int MAX_TUNNELS_OF_AN_INSTANCE = 16;

    private static final int MAX_TUNNELS = 1024;

    private final OnDuplicate onDuplicate;
    private final List<RemoteTunnel> all = new ArrayList<>();
    private int turn;

    RemoteTunnels(OnDuplicate onDuplicate) {
        this.onDuplicate = onDuplicate;
    }

    /**
     * Whether another instance keeps a newcomer out. Only an instance's first tunnel takes a name over: a further one that
     * is late must not take it back from whoever took it meanwhile.
     *
     * @param index the newcomer's among its instance's tunnels
     */
    Optional<Reject> keepOut(Opaque instance, int index) {
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
     * Adds a tunnel that is not kept out.
     *
     * @return those whose place it takes, which carry nothing new any more: the same tunnel of the same instance, which may
     *     be half-open, and unless the name is shared those of other instances
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

    /** A tunnel of another instance, from which this one would take the name. */
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

    /** Whether none is up that would take a user, were there not too many. */
    boolean areAway() {
        return all.stream().allMatch(RemoteTunnel::isAway);
    }

    List<RemoteTunnel> all() {
        return List.copyOf(all);
    }

    /** The tunnel for a new stream: the instances take turns, and of each the tunnel with the fewest streams. */
    Optional<RemoteTunnel> next() {
        List<Opaque> instances = all.stream()
                .filter(RemoteTunnel::isAvailable)
                .map(RemoteTunnel::instance)
                .distinct()
                .toList();
        if (instances.isEmpty()) {
            return Optional.empty();
        }
        turn = (turn + 1) % instances.size();
        Opaque instance = instances.get(turn);
        return all.stream()
                .filter(tunnel -> tunnel.isAvailable() && tunnel.instance().equals(instance))
                .min(Comparator.comparingInt(RemoteTunnel::load));
    }
}
