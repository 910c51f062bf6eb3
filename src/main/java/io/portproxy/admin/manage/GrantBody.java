package io.portproxy.admin.manage;

import io.portproxy.manage.GrantDefinition;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * Which ports a remote may ask for itself.
 *
 * @param ports the lowest and the highest port, as in {@code 20000-20999}, or the only one
 * @param max how many ports the remote may have at a time. Default: 5
 * @param sticky how long a port is kept while the remote is away, as in {@code 24h}. Default: 24h
 * @param bind the address of the server that users connect to: {@code 0.0.0.0} for all. Default: 127.0.0.1
 * @param maxRemotes of a template: how many remotes there may be of it at a time. Default: 100
 */
@Schema(name = "Grants")
public record GrantBody(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) String ports,
        int max,
        String sticky,
        String bind,
        int maxRemotes) {

    /** What a definition says. */
    public static GrantBody of(GrantDefinition grants) {
        return new GrantBody(grants.ports(), grants.max(), grants.sticky(), grants.bind(), grants.maxRemotes());
    }
}
