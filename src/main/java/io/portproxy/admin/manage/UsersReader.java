package io.portproxy.admin.manage;

import io.portproxy.manage.AccessDefinition;
import io.portproxy.manage.QuotaDefinition;
import io.portproxy.manage.UsersDefinition;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads from a request's body which users may use a remote, port or host, and their limits. */
final class UsersReader {
    private static final Set<String> QUOTA = Set.of("bytes", "per");
    private static final Set<String> ACCESS = Set.of("allow", "deny");

    private UsersReader() {}

    /** Reads all settings for users of a port or host. */
    static UsersDefinition users(BodyMembers of) {
        return new UsersDefinition(
                access(of),
                of.text("proxyProtocol"),
                of.texts("acceptProxyProtocol"),
                quota(of),
                LimitsReader.read(of),
                of.text("holdWhileAway"));
    }

    static Optional<QuotaDefinition> quota(BodyMembers of) {
        return of.object("quota", QUOTA)
                .map(quota -> new QuotaDefinition(
                        quota.address("bytes"), quota.text("per").orElse(QuotaDefinition.DEFAULT_PER)));
    }

    static Optional<AccessDefinition> access(BodyMembers of) {
        return of.object("access", ACCESS).map(access -> {
            List<String> allow = access.texts("allow");
            if (allow.isEmpty()
                    && access.member("allow").filter(JsonNode::isArray).isPresent()) {
                access.wrongSecret(
                        "allow",
                        "is empty: nobody could connect",
                        "write addresses and ranges, or remove it to let all in that are not denied");
            }
            return new AccessDefinition(allow, access.texts("deny"));
        });
    }
}
