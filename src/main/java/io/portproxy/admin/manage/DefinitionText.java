package io.portproxy.admin.manage;

import io.portproxy.manage.AccessDefinition;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.GrantDefinition;
import io.portproxy.manage.HostDefinition;
import io.portproxy.manage.HttpDefinition;
import io.portproxy.manage.LimitsDefinition;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.QuotaDefinition;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.manage.RemoteToken;
import io.portproxy.manage.StoredRemote;
import io.portproxy.manage.UdpDefinition;
import io.portproxy.manage.UsersDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The settings of a gateway or a remote as short texts for a log line, each by its name. The texts contain no passwords,
 * tokens or values of header fields.
 */
final class DefinitionText {
    /** The most addresses of a list that a text names. */
    private static final int MOST_ADDRESSES = 20;

    private DefinitionText() {}

    static Map<String, String> of(GatewayDefinition gateway) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("bind", gateway.bind());
        gateway.publicPort().ifPresent(port -> settings.put("public-port", String.valueOf(port)));
        List<String> bundles = new ArrayList<>(gateway.ssl().bundles());
        gateway.ssl().bundle().ifPresent(bundles::add);
        if (gateway.ssl().acme()) {
            bundles.add("ACME");
        }
        if (!bundles.isEmpty()) {
            settings.put("ssl", String.join(" ", bundles));
        }
        if (gateway.redirectToHttps()) {
            settings.put("redirect-to-https", "true");
        }
        gateway.tunnel().ifPresent(name -> settings.put("tunnel", name));
        if (!gateway.acceptProxyProtocol().isEmpty()) {
            settings.put("accept-proxy-protocol", addresses(gateway.acceptProxyProtocol()));
        }
        settings.put("request-timeout", gateway.requestTimeout());
        settings.put("max-pending", String.valueOf(gateway.maxPending()));
        settings.put("max-request-head", gateway.maxRequestHead());
        return settings;
    }

    static Map<String, String> of(StoredRemote remote) {
        RemoteDefinition definition = remote.definition();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("state", definition.enabled() ? "enabled" : "disabled");
        if (definition.anonymous()) {
            settings.put("anonymous", "true");
        }
        definition.ports().forEach(port -> settings.put("port " + port.name(), text(port)));
        definition.hosts().forEach(host -> settings.put("host " + host.address(), text(host)));
        definition.grants().ifPresent(grants -> settings.put("grants", text(grants)));
        definition.access().ifPresent(access -> settings.put("access", text(access)));
        definition.quota().ifPresent(quota -> settings.put("quota", text(quota)));
        definition.limits().ifPresent(limits -> settings.put("limits", text(limits)));
        definition.holdWhileAway().ifPresent(time -> settings.put("hold-while-away", time));
        if (!remote.tokens().isEmpty()) {
            settings.put("tokens", remote.tokens().stream().map(RemoteToken::id).collect(Collectors.joining(" ")));
        }
        return settings;
    }

    private static String text(GrantDefinition grants) {
        return grants.ports() + " at " + grants.bind()
                + grants.hosts().map(hosts -> ", " + hosts).orElse("") + ", max " + grants.max() + ", sticky "
                + grants.sticky() + ", max-remotes " + grants.maxRemotes();
    }

    private static String text(PortDefinition port) {
        return port.type() + " " + port.bind() + " to " + port.remote()
                + (port.enabled() ? "" : " (disabled)")
                + text(port.http())
                + text(port.users())
                + text(port.udp());
    }

    private static String text(UdpDefinition udp) {
        return udp.idleTimeout().map(time -> ", idle-timeout " + time).orElse("")
                + udp.maxSessions().map(count -> ", max-sessions " + count).orElse("")
                + udp.maxSessionsPerUser()
                        .map(count -> ", max-sessions-per-user " + count)
                        .orElse("")
                + udp.replyLimit().map(limit -> ", reply-limit " + limit).orElse("");
    }

    private static String text(HostDefinition host) {
        return (host.gateways().isEmpty() ? "" : "at " + String.join(", ", host.gateways()) + " ") + "to "
                + host.remote() + (host.enabled() ? "" : " (disabled)") + text(host.http()) + text(host.users());
    }

    private static String text(UsersDefinition users) {
        List<String> parts = new ArrayList<>();
        users.access().ifPresent(access -> parts.add(text(access)));
        users.proxyProtocol().ifPresent(version -> parts.add("proxy-protocol " + version));
        addresses(parts, "accept-proxy-protocol", users.acceptProxyProtocol());
        users.quota().ifPresent(quota -> parts.add("quota " + text(quota)));
        users.limits().ifPresent(limits -> parts.add("limits: " + text(limits)));
        users.holdWhileAway().ifPresent(time -> parts.add("hold-while-away " + time));
        return parts.isEmpty() ? "" : " (" + String.join("; ", parts) + ")";
    }

    private static String text(LimitsDefinition limits) {
        List<String> parts = new ArrayList<>();
        limits.connections().ifPresent(number -> parts.add("connections " + number));
        limits.connectionsPerUser().ifPresent(number -> parts.add("connections-per-user " + number));
        limits.opensPerSecond().ifPresent(number -> parts.add("opens-per-second " + number));
        limits.opensPerSecondPerUser().ifPresent(number -> parts.add("opens-per-second-per-user " + number));
        limits.bandwidth().ifPresent(speed -> parts.add("bandwidth" + text(speed)));
        limits.bandwidthPerConnection().ifPresent(speed -> parts.add("bandwidth-per-connection" + text(speed)));
        limits.idleTimeout().ifPresent(time -> parts.add("idle-timeout " + time));
        limits.maxDuration().ifPresent(time -> parts.add("max-duration " + time));
        return String.join(", ", parts);
    }

    private static String text(LimitsDefinition.Bandwidth speed) {
        return speed.in().map(size -> " in " + size).orElse("")
                + speed.out().map(size -> " out " + size).orElse("");
    }

    private static String text(QuotaDefinition quota) {
        return quota.bytes() + " per " + quota.per();
    }

    private static String text(AccessDefinition access) {
        List<String> parts = new ArrayList<>();
        addresses(parts, "allow", access.allow());
        addresses(parts, "deny", access.deny());
        return String.join("; ", parts);
    }

    private static void addresses(List<String> parts, String name, List<String> addresses) {
        if (!addresses.isEmpty()) {
            parts.add(name + " " + addresses(addresses));
        }
    }

    private static String addresses(List<String> addresses) {
        String more = addresses.size() > MOST_ADDRESSES ? " and " + (addresses.size() - MOST_ADDRESSES) + " more" : "";
        return addresses.stream().limit(MOST_ADDRESSES).collect(Collectors.joining(", ")) + more;
    }

    private static String text(HttpDefinition http) {
        List<String> parts = new ArrayList<>();
        http.auth()
                .ifPresent(auth -> parts.add("for "
                        + auth.basic().users().stream()
                                .map(HttpDefinition.User::name)
                                .collect(Collectors.joining(", "))
                        + " alone"
                        + (auth.basic().except().isEmpty()
                                ? ""
                                : " except at " + String.join(", ", auth.basic().except()))));
        fields(parts, "requests", http.headers().request());
        fields(parts, "answers", http.headers().response());
        http.hsts().ifPresent(hsts -> parts.add("hsts " + hsts.maxAge()));
        http.responseTimeout().ifPresent(time -> parts.add("response-timeout " + time));
        http.hostHeader().ifPresent(value -> parts.add("host-header " + value));
        http.forwardedHeaders().ifPresent(value -> parts.add("forwarded-headers " + value));
        addresses(parts, "trusted-proxies", http.trustedProxies());
        http.maxRequestHead().ifPresent(size -> parts.add("max-request-head " + size));
        return parts.isEmpty() ? "" : " (" + String.join("; ", parts) + ")";
    }

    private static void fields(List<String> parts, String where, HttpDefinition.Fields fields) {
        if (!fields.set().isEmpty()) {
            parts.add("sets " + String.join(", ", fields.set().keySet()) + " in " + where);
        }
        if (!fields.remove().isEmpty()) {
            parts.add("removes " + String.join(", ", fields.remove()) + " of " + where);
        }
    }
}
