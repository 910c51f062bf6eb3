package io.portproxy.client;

import io.portproxy.net.Durations;
import io.portproxy.net.EventLoop;
import io.portproxy.net.Sockets;
import io.portproxy.net.Timers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The uplink to the proxy server. With {@code connect-to: all}, there is one uplink to each address of the server's name, and the set of
 * uplinks follows the changes of the name. Its methods may be called from any thread. Everything else runs on one loop.
 *
 * <pre>
 *   new address --> wanted --the name has lost it--> retiring --its streams have ended--> gone
 * </pre>
 *
 * An address that comes back while it is retiring is dialled when its streams have ended. Otherwise, the server would confuse the new
 * tunnels with the old ones.
 */
final class Uplinks {
    private static final Logger log = LoggerFactory.getLogger(Uplinks.class);

    /** The largest number of addresses that are dialled. Further ones are not used. */
    static final int MAX = 32;

    private final ClientContext context;
    private final InetSocketAddress server;
    private final ConnectTo connectTo;
    private final EventLoop loop;
    private final Backoff backoff;
    private final Map<InetSocketAddress, Uplink> wanted = new LinkedHashMap<>();
    private final Map<InetSocketAddress, Uplink> retiring = new LinkedHashMap<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile List<Uplink> wantedNow = List.of();
    private volatile List<Uplink> retiringNow = List.of();
    private volatile int skipped;
    private Timers.@Nullable Timer timer;
    private final FailureLog failures = new FailureLog();
    private long looks;
    private boolean stopping;

    Uplinks(ClientContext context) {
        ClientSettings settings = context.settings();
        this.context = context;
        this.server = settings.server();
        this.connectTo = settings.connectTo();
        if (!connectTo.all()) {
            wantedNow = List.of(new Uplink(context, ServerAddresses.named(server, context.resolver())));
        }
        this.loop = context.loops().next();
        this.backoff = Backoff.of(settings.times());
    }

    void start() {
        if (connectTo.all()) {
            loop.executeUnlessEnded(this::look);
        } else {
            wantedNow.forEach(Uplink::start);
        }
    }

    /** Returns the uplinks to addresses that the name has. */
    List<Uplink> wanted() {
        return wantedNow;
    }

    /** Returns these uplinks, and those whose streams have not ended yet. */
    Stream<Uplink> all() {
        return Stream.concat(wantedNow.stream(), retiringNow.stream());
    }

    /** Returns how many addresses of the name are not used because there are too many. */
    int skipped() {
        return skipped;
    }

    CompletableFuture<Void> stop(Duration grace) {
        if (!connectTo.all()) {
            return wantedNow.get(0).stop(grace);
        }
        boolean running = loop.executeUnlessEnded(() -> {
            stopping = true;
            if (timer != null) {
                timer.cancel();
            }
            CompletableFuture<Void> unused = CompletableFuture.allOf(
                            all().map(uplink -> uplink.stop(grace)).toArray(CompletableFuture<?>[]::new))
                    .whenComplete((nothing, failure) -> stopped.complete(null));
        });
        if (!running) {
            stopped.complete(null);
        }
        return stopped;
    }

    /**
     * Looks up the addresses. It has a deadline, because a look-up may throw an exception or never answer, and there must always be a next
     * look-up.
     */
    private void look() {
        if (stopping) {
            return;
        }
        looks++;
        long look = looks;
        Duration patience = context.resolver().patience();
        timer = loop.timers()
                .after(patience.toNanos(), () -> notFound(look, "no answer within " + Durations.text(patience)));
        try {
            context.resolver()
                    .resolve(
                            server.getHostString(),
                            loop,
                            addresses -> found(look, addresses),
                            cause -> notFound(look, String.valueOf(cause.getMessage())));
        } catch (Throwable e) { // otherwise nothing would start the next look-up
            notFound(look, "unforeseen: " + e);
        }
    }

    private void lookAgain(Duration wait) {
        looks++; // so that a late answer is ignored
        if (timer != null) {
            timer.cancel();
        }
        timer = loop.timers().after(wait.toNanos(), this::look);
    }

    private void notFound(long look, String why) {
        if (stopping || look != looks) {
            return;
        }
        lookAgain(Duration.ofNanos(backoff.nextNanos()));
        context.counts().failed(why);
        String line =
                "the addresses of {} cannot be looked up: {}; existing tunnels stay, and the look-up is tried again";
        if (failures.tells(why, loop.nanoTime())) {
            log.warn(line, Sockets.text(server), why);
        } else {
            log.debug(line, Sockets.text(server), why);
        }
    }

    private void found(long look, InetAddress[] addresses) {
        if (stopping || look != looks) {
            return;
        }
        lookAgain(connectTo.interval()); // first, so that an exception below cannot prevent it
        failures.clear();
        backoff.reset();
        try {
            follow(usable(addresses));
        } finally {
            publish();
        }
    }

    private void follow(Set<InetSocketAddress> now) {
        List<InetSocketAddress> lost = wanted.keySet().stream()
                .filter(address -> !now.contains(address))
                .toList();
        lost.forEach(this::retire);
        for (InetSocketAddress address : now) {
            if (!wanted.containsKey(address) && !retiring.containsKey(address)) {
                log.info("{} is an address of {}", Sockets.text(address), Sockets.text(server));
                Uplink fresh = new Uplink(context, ServerAddresses.at(address));
                wanted.put(address, fresh);
                fresh.start();
            }
        }
    }

    /**
     * Returns the addresses to use: at most {@link #MAX}, and only those of the same family as the first address. An IPv4 and an IPv6
     * address usually belong to the same server.
     */
    private Set<InetSocketAddress> usable(InetAddress[] addresses) {
        List<InetAddress> ofOneKind = Arrays.stream(addresses)
                .filter(address -> address.getClass() == addresses[0].getClass())
                .distinct()
                .toList();
        int before = skipped;
        skipped = Math.max(0, ofOneKind.size() - MAX);
        if (skipped > 0 && before == 0) {
            log.warn("{} has {} addresses: {} of them are not used", Sockets.text(server), ofOneKind.size(), skipped);
        }
        // Addresses that are already dialled stay, in whatever order the name service returns them.
        return Stream.concat(
                        ofOneKind.stream()
                                .map(address -> new InetSocketAddress(address, server.getPort()))
                                .filter(wanted::containsKey),
                        ofOneKind.stream().map(address -> new InetSocketAddress(address, server.getPort())))
                .distinct()
                .limit(MAX)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void retire(InetSocketAddress address) {
        Uplink old = wanted.remove(address);
        if (old == null) {
            return;
        }
        log.info("{} is no longer an address of {}", Sockets.text(address), Sockets.text(server));
        retiring.put(address, old);
        CompletableFuture<Void> unused = old.stop(connectTo.grace())
                .whenComplete((nothing, failure) -> loop.executeUnlessEnded(() -> {
                    retiring.remove(address);
                    publish();
                }));
    }

    private void publish() {
        wantedNow = new ArrayList<>(wanted.values());
        retiringNow = new ArrayList<>(retiring.values());
    }
}
