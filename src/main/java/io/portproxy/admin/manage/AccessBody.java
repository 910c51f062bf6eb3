package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.manage.AccessDefinition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;

/**
 * Which users may connect, by their addresses. The list of a port or host replaces the remote's, and the remote's list
 * replaces the server's.
 *
 * @param allow addresses and ranges that may connect, such as {@code 192.0.2.0/24}; all others may not. Without it,
 *     everybody who is not denied may connect
 * @param deny addresses and ranges that may not connect, even if {@code allow} contains them
 */
@Schema(name = "Access")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AccessBody(List<String> allow, List<String> deny) {
    /** Returns the list of a definition. */
    public static Optional<AccessBody> of(Optional<AccessDefinition> access) {
        return access.map(there -> new AccessBody(there.allow(), there.deny()));
    }
}
