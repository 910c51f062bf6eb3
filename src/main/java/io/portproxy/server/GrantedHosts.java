package io.portproxy.server;

import io.portproxy.http.ForwardedHeaders;
import io.portproxy.http.HostHeader;
import io.portproxy.http.HostPattern;
import io.portproxy.http.HttpRewriteSettings;
import io.portproxy.net.Sockets;
import io.portproxy.protocol.Expose;
import io.portproxy.protocol.ExposeRefusal;
import io.portproxy.protocol.Exposed;
import io.portproxy.protocol.Printable;
import io.portproxy.server.exposed.Gateway;
import io.portproxy.server.exposed.HostSettings;
import io.portproxy.server.exposed.RouteSettings;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out which host a remote may have that it asks for, and at which gateway users reach it. At the {@link Desk}. */
final class GrantedHosts {
    private static final int MAX_REQUEST_HEAD = 32 << 10;
    private static final String ALL_PATHS = "/";

    private final Gateways gateways;

    GrantedHosts(Gateways gateways) {
        this.gateways = gateways;
    }

    /** What a remote asks for, if it is granted and nobody else has it. */
    HostSettings wanted(Remote remote, Grant grant, Expose wish, Collection<Remote> all) throws WishRefusedException {
        String host = host(remote, grant);
        HostSettings settings = new HostSettings(HostPattern.parse(host), ALL_PATHS, Set.of(), route(wish));
        if (gateways.isTunnel(settings)) {
            throw new WishRefusedException(
                    ExposeRefusal.TAKEN, "host " + host + " is taken: remotes ask by it for the tunnel");
        }
        for (Remote other : all) {
            boolean granted = other != remote
                    && other.grantedHosts().stream()
                            .anyMatch(there -> isSame(there.hosted().settings(), settings));
            if (granted || isConfigured(other, settings)) {
                throw new WishRefusedException(
                        ExposeRefusal.TAKEN,
                        "host " + host + " is taken: "
                                + (other == remote
                                        ? "the server's configuration has it for this remote"
                                        : "another remote has it"));
            }
        }
        return settings;
    }

    private static String host(Remote remote, Grant grant) throws WishRefusedException {
        try {
            return grant.host(remote.name())
                    .orElseThrow(() -> new WishRefusedException(
                            ExposeRefusal.NOT_GRANTED, "the server grants this remote no host (grants.hosts)"));
        } catch (IllegalArgumentException e) {
            throw new WishRefusedException(ExposeRefusal.UNSUPPORTED, String.valueOf(e.getMessage()));
        }
    }

    /** The target's host, if it is not the remote itself. */
    static Optional<String> targetHost(Expose wish) {
        return wish.targetHost().filter(host -> !host.equals(RouteSettings.LOOPBACK));
    }

    /** The target as people see it. */
    static String target(Expose wish) {
        return Sockets.text(Printable.of(targetHost(wish).orElse(RouteSettings.LOOPBACK)), wish.targetPort());
    }

    private static RouteSettings route(Expose wish) throws WishRefusedException {
        Optional<String> host = targetHost(wish);
        String target = Sockets.text(host.orElse(RouteSettings.LOOPBACK), wish.targetPort());
        try {
            HttpRewriteSettings http = new HttpRewriteSettings(
                    HostHeader.Policy.PRESERVE, target, ForwardedHeaders.ADD, List.of(), MAX_REQUEST_HEAD);
            return new RouteSettings(true, host, wish.targetPort(), Optional.of(http));
        } catch (IllegalArgumentException e) {
            throw new WishRefusedException(ExposeRefusal.UNSUPPORTED, "no web application is at " + target);
        }
    }

    private static boolean isConfigured(Remote remote, HostSettings host) {
        return remote.hosted().stream().anyMatch(there -> isSame(there.settings(), host));
    }

    /** Whatever its path: the pages of one name trust each other, and this one is for all paths. */
    private static boolean isSame(HostSettings there, HostSettings host) {
        return there.host().equals(host.host());
    }

    /** Whether a remote may still have what it has asked for. */
    boolean isGranted(Remote remote, GrantedHost host, Collection<Remote> all) {
        HostSettings settings = host.hosted().settings();
        try {
            return remote.settings()
                            .grant()
                            .flatMap(grant -> grant.host(remote.name()))
                            .equals(Optional.of(settings.host().text()))
                    && !gateways.isTunnel(settings)
                    && all.stream().noneMatch(other -> isConfigured(other, settings));
        } catch (IllegalArgumentException e) {
            return false; // its grant has changed
        }
    }

    /** Where users reach it, by the number 0; empty if no gateway leads to it. */
    Optional<Exposed> address(HostSettings host) throws WishRefusedException {
        Optional<Gateway> front = gateways.front(host);
        if (front.isEmpty()) {
            return Optional.empty();
        }
        String url =
                front.get().url(host).orElseThrow(IllegalStateException::new).replaceFirst("/$", "");
        if (url.length() > Exposed.MAX_HOST) {
            throw new WishRefusedException(ExposeRefusal.UNSUPPORTED, "the host name is too long");
        }
        return Optional.of(new Exposed(0, front.get().publicPort(), url));
    }
}
