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
import io.portproxy.server.exposed.RouteSettings;
import io.portproxy.server.exposed.gateway.Gateway;
import io.portproxy.server.exposed.gateway.HostSettings;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rules for granted hosts: which host a remote gets when it asks for one, and at which gateway users reach it. On
 * the thread of {@link GrantThread}.
 */
final class GrantedHosts {
    private static final int MAX_REQUEST_HEAD = 32 << 10;
    private static final String ALL_PATHS = "/";

    private final Gateways gateways;

    GrantedHosts(Gateways gateways) {
        this.gateways = gateways;
    }

    /**
     * Returns the host that a remote asks for.
     *
     * @throws WishRefusedException the host is not granted, not possible, or another remote has it
     */
    HostSettings wanted(Remote remote, Grant grant, Expose wish, Collection<Remote> all) throws WishRefusedException {
        String host = host(remote, grant);
        HostSettings settings = new HostSettings(HostPattern.parse(host), ALL_PATHS, Set.of(), route(wish));
        if (gateways.isTunnel(settings)) {
            throw new WishRefusedException(
                    ExposeRefusal.TAKEN, "host " + host + " is taken: remotes use this name to connect to the server");
        }
        for (Remote other : all) {
            boolean granted = other != remote
                    && other.exposed().grantedHosts().stream()
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

    /** The target's host; empty if it is the remote's own loopback address. */
    static Optional<String> targetHost(Expose wish) {
        return wish.targetHost().filter(host -> !host.equals(RouteSettings.LOOPBACK));
    }

    /** The target as text for people. */
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
        return remote.exposed().hosted().stream().anyMatch(there -> isSame(there.settings(), host));
    }

    /** The path does not matter: the pages of one host name trust each other, and a granted host has all paths. */
    private static boolean isSame(HostSettings there, HostSettings host) {
        return there.host().equals(host.host());
    }

    /** Whether the remote may still have a granted host. */
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
            return false; // the grant has changed, and gives no valid host name any more
        }
    }

    /** Returns where users reach a host, with the request number 0; empty if no gateway leads to it. */
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
