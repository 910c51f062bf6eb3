package io.portproxy.admin.manage;

import io.portproxy.manage.RemoteDefinition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * All remotes that no file declares.
 *
 * @param remotes the remotes, by name
 */
@Schema(name = "Desired")
record DesiredBody(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) List<RemoteBody> remotes) {
    static DesiredBody of(List<RemoteDefinition> remotes) {
        return new DesiredBody(remotes.stream().map(RemoteBody::of).toList());
    }
}
