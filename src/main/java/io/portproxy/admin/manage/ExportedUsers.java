package io.portproxy.admin.manage;

import io.portproxy.manage.AccessDefinition;
import io.portproxy.manage.LimitsDefinition;
import io.portproxy.manage.QuotaDefinition;
import io.portproxy.manage.UsersDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the settings for users of remotes, hosts and ports for a configuration file. */
final class ExportedUsers {
    private ExportedUsers() {}

    /** @param entry the port or host */
    static void put(Map<String, Object> entry, UsersDefinition users) {
        putAccess(entry, users.access());
        users.proxyProtocol().ifPresent(version -> entry.put("proxy-protocol", ExportedFile.literal(version)));
        putList(entry, "accept-proxy-protocol", users.acceptProxyProtocol());
        putQuota(entry, users.quota());
        putLimits(entry, users.limits(), users.holdWhileAway());
    }

    /** @param entry the remote, port or host */
    static void putLimits(Map<String, Object> entry, Optional<LimitsDefinition> limits, Optional<String> hold) {
        limits.ifPresent(there -> {
            Map<String, Object> written = new LinkedHashMap<>();
            there.connections().ifPresent(number -> written.put("connections", number));
            there.connectionsPerUser().ifPresent(number -> written.put("connections-per-user", number));
            there.opensPerSecond().ifPresent(number -> written.put("opens-per-second", number));
            there.opensPerSecondPerUser().ifPresent(number -> written.put("opens-per-second-per-user", number));
            there.bandwidth().ifPresent(speed -> written.put("bandwidth", bandwidth(speed)));
            there.bandwidthPerConnection()
                    .ifPresent(speed -> written.put("bandwidth-per-connection", bandwidth(speed)));
            there.idleTimeout().ifPresent(time -> written.put("idle-timeout", ExportedFile.literal(time)));
            there.maxDuration().ifPresent(time -> written.put("max-duration", ExportedFile.literal(time)));
            entry.put("limits", written);
        });
        hold.ifPresent(time -> entry.put("hold-while-away", ExportedFile.literal(time)));
    }

    private static Map<String, Object> bandwidth(LimitsDefinition.Bandwidth speed) {
        Map<String, Object> written = new LinkedHashMap<>();
        speed.in().ifPresent(size -> written.put("in", ExportedFile.literal(size)));
        speed.out().ifPresent(size -> written.put("out", ExportedFile.literal(size)));
        return written;
    }

    /** @param entry the remote, port or host */
    static void putQuota(Map<String, Object> entry, Optional<QuotaDefinition> quota) {
        quota.ifPresent(there -> {
            Map<String, Object> written = new LinkedHashMap<>();
            written.put("bytes", ExportedFile.literal(there.bytes()));
            written.put("per", there.per());
            entry.put("quota", written);
        });
    }

    /** @param entry the remote, port or host */
    static void putAccess(Map<String, Object> entry, Optional<AccessDefinition> access) {
        access.ifPresent(there -> {
            Map<String, Object> written = new LinkedHashMap<>();
            putList(written, "allow", there.allow());
            putList(written, "deny", there.deny());
            entry.put("access", written);
        });
    }

    /** Writes a list, unless it is empty. */
    static void putList(Map<String, Object> entry, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            entry.put(name, texts.stream().map(ExportedFile::literal).toList());
        }
    }
}
