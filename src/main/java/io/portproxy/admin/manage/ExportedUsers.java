package io.portproxy.admin.manage;

import io.portproxy.manage.AccessDefinition;
import io.portproxy.manage.QuotaDefinition;
import io.portproxy.manage.UsersDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes what remotes, hosts and ports have of their users as a configuration file has it. */
final class ExportedUsers {
    private ExportedUsers() {}

    /** @param entry the port or host */
    static void put(Map<String, Object> entry, UsersDefinition users) {
        putAccess(entry, users.access());
        users.proxyProtocol().ifPresent(version -> entry.put("proxy-protocol", ExportedFile.literal(version)));
        putList(entry, "accept-proxy-protocol", users.acceptProxyProtocol());
        putQuota(entry, users.quota());
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

    /** A list that is left out where it is empty. */
    static void putList(Map<String, Object> entry, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            entry.put(name, texts.stream().map(ExportedFile::literal).toList());
        }
    }
}
