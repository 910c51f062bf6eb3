package io.portproxy.admin.manage;

import io.portproxy.admin.security.AuditLog;
import io.portproxy.manage.AccessDefinition;
import io.portproxy.manage.ChangeResult;
import io.portproxy.manage.GatewayDefinition;
import io.portproxy.manage.GrantDefinition;
import io.portproxy.manage.HostDefinition;
import io.portproxy.manage.HttpDefinition;
import io.portproxy.manage.LimitsDefinition;
import io.portproxy.manage.PortDefinition;
import io.portproxy.manage.QuotaDefinition;
import io.portproxy.manage.RemoteToken;
import io.portproxy.manage.StoredRemote;
import io.portproxy.manage.UdpDefinition;
import io.portproxy.manage.UsersDefinition;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes what was changed into the audit log: who, what, before and after. There is no secret in it. */
public final class ChangeLog {
    private ChangeLog() {}

    /** What a request has changed: one line for each gateway and remote. */
    static void changed(HttpServletRequest request, ChangeResult result) {
        lines(result).forEach(line -> AuditLog.did(request, line));
    }

    /** What files have changed. */
    public static void changedByFiles(ChangeResult result) {
        lines(result).forEach(AuditLog::fileDid);
    }

    /** What the store has kept after who had asked for it was told that it had not. */
    public static void changedLate(ChangeResult result) {
        lines(result).forEach(AuditLog::storeDid);
    }

    /** Of a list, in a line. */
    private static final int MOST_ADDRESSES = 20;

    private static List<String> lines(ChangeResult result) {
        List<String> lines = new ArrayList<>();
        result.gateways().forEach(step -> lines.add(text(step)));
        result.steps().forEach(step -> lines.add(text(step)));
        return lines;
    }

    private static String text(ChangeResult.GatewayStep step) {
        String before = step.before().map(ChangeLog::text).orElse("");
        String after = step.after().map(ChangeLog::text).orElse("");
        String did = before.isEmpty()
                ? "was added, is " + after
                : after.isEmpty()
                        ? "was removed, was " + before
                        : "was changed, " + (before.equals(after) ? "" : "was " + before + ", ") + "is " + after;
        return "gateway " + step.gateway() + " " + did;
    }

    private static String text(GatewayDefinition gateway) {
        List<String> parts = new ArrayList<>();
        gateway.publicPort().ifPresent(port -> parts.add("public port " + port));
        gateway.ssl().bundle().ifPresent(name -> parts.add("ssl " + name));
        if (!gateway.ssl().bundles().isEmpty()) {
            parts.add("ssl " + String.join(" ", gateway.ssl().bundles()));
        }
        if (gateway.ssl().acme()) {
            parts.add("ssl by ACME");
        }
        if (gateway.redirectToHttps()) {
            parts.add("redirects to https");
        }
        gateway.tunnel().ifPresent(name -> parts.add("tunnel " + name));
        if (!gateway.acceptProxyProtocol().isEmpty()) {
            parts.add("accept-proxy-protocol " + String.join(" ", gateway.acceptProxyProtocol()));
        }
        return "{" + gateway.bind() + parts.stream().map(part -> ", " + part).collect(Collectors.joining())
                + ", request-timeout " + gateway.requestTimeout() + ", max-pending " + gateway.maxPending()
                + ", max-request-head " + gateway.maxRequestHead() + "}";
    }

    private static String text(ChangeResult.Step step) {
        String before = step.before().map(ChangeLog::text).orElse("nothing");
        String after = step.after().map(ChangeLog::text).orElse("nothing");
        if (step.before().equals(step.after())) {
            return "remote " + step.remote() + " has other tokens, or other settings that files alone have";
        }
        return "remote " + step.remote()
                + (before.equals(after)
                        ? " has other passwords, values of header fields or details, is "
                        : " was " + before + ", is ")
                + after;
    }

    private static String text(StoredRemote remote) {
        String ports = remote.definition().ports().stream().map(ChangeLog::text).collect(Collectors.joining("; "));
        String hosts = remote.definition().hosts().stream().map(ChangeLog::text).collect(Collectors.joining("; "));
        String tokens = remote.tokens().stream().map(RemoteToken::id).collect(Collectors.joining(" "));
        return "{" + (remote.definition().enabled() ? "enabled" : "disabled")
                + (remote.definition().anonymous() ? ", anonymous" : "")
                + ", ports [" + ports + "]"
                + (hosts.isEmpty() ? "" : ", hosts [" + hosts + "]")
                + remote.definition().grants().map(ChangeLog::text).orElse("")
                + remote.definition()
                        .access()
                        .map(access -> ", access (" + text(access) + ")")
                        .orElse("")
                + remote.definition().quota().map(quota -> ", " + text(quota)).orElse("")
                + remote.definition()
                        .limits()
                        .map(limits -> ", limits (" + text(limits) + ")")
                        .orElse("")
                + remote.definition()
                        .holdWhileAway()
                        .map(time -> ", hold-while-away " + time)
                        .orElse("") + ", tokens [" + tokens + "]}";
    }

    private static String text(GrantDefinition grants) {
        return ", grants [" + grants.ports() + " at " + grants.bind()
                + grants.hosts().map(hosts -> ", " + hosts).orElse("") + ", max " + grants.max() + ", sticky "
                + grants.sticky() + ", max-remotes " + grants.maxRemotes() + "]";
    }

    private static String text(PortDefinition port) {
        return port.name() + ": " + port.type() + " " + port.bind() + " to " + port.remote()
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
        return host.address() + (host.gateways().isEmpty() ? "" : " at " + String.join(", ", host.gateways())) + " to "
                + host.remote() + (host.enabled() ? "" : " (disabled)") + text(host.http())
                + text(host.users());
    }

    private static String text(UsersDefinition users) {
        List<String> parts = new ArrayList<>();
        users.access().ifPresent(access -> parts.add(text(access)));
        users.proxyProtocol().ifPresent(version -> parts.add("proxy-protocol " + version));
        addresses(parts, "accept-proxy-protocol", users.acceptProxyProtocol());
        users.quota().ifPresent(quota -> parts.add(text(quota)));
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
        return "quota " + quota.bytes() + " per " + quota.per();
    }

    private static String text(AccessDefinition access) {
        List<String> parts = new ArrayList<>();
        addresses(parts, "allow", access.allow());
        addresses(parts, "deny", access.deny());
        return String.join("; ", parts);
    }

    private static void addresses(List<String> parts, String name, List<String> addresses) {
        if (!addresses.isEmpty()) {
            String more =
                    addresses.size() > MOST_ADDRESSES ? " and " + (addresses.size() - MOST_ADDRESSES) + " more" : "";
            parts.add(name + " " + addresses.stream().limit(MOST_ADDRESSES).collect(Collectors.joining(", ")) + more);
        }
    }

    /** Without passwords and values of header fields. */
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
