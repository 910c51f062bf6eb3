package io.portproxy.admin.manage;

import io.portproxy.manage.RemoteDefinition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * A remote with its ports, as it is configured.
 *
 * @param name the remote's name, 1 to 255 bytes; it cannot be changed
 * @param description what the remote is, for people. Default: empty
 * @param enabled whether the remote may connect; one that is disabled is refused, and its users are reset. Default: true
 * @param anonymous whether anybody may have the name who says it; otherwise it takes a token. Default: false
 * @param ports what is exposed for it
 */
@Schema(name = "RemoteDefinition")
public record RemoteBody(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String name,
        String description,
        boolean enabled,
        boolean anonymous,
        List<PortBody> ports) {

    /** What a definition says. */
    public static RemoteBody of(RemoteDefinition remote) {
        return new RemoteBody(
                remote.name(),
                remote.description(),
                remote.enabled(),
                remote.anonymous(),
                remote.ports().stream().map(PortBody::of).toList());
    }
}
