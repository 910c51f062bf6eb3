package io.portproxy.admin.manage;

import io.portproxy.manage.Desired;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * All gateways and remotes that no file declares.
 *
 * @param gateways the gateways, by name
 * @param remotes the remotes, by name
 */
@Schema(name = "Desired")
record DesiredBody(
        List<GatewayBody> gateways,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) List<RemoteBody> remotes) {
    static DesiredBody of(Desired desired) {
        return new DesiredBody(
                desired.gateways().stream().map(GatewayBody::of).toList(),
                desired.remotes().stream().map(RemoteBody::of).toList());
    }
}
