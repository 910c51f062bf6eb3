package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.manage.GrantDefinition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Optional;

/**
 * Which ports and host a remote may ask for itself.
 *
 * @param ports the lowest and the highest port, such as {@code 20000-20999}, or the only one; required unless there is
 *     {@code hosts}
 * @param max how many ports the remote may have at a time. Default: 5
 * @param sticky how long a port is kept while the remote is away, such as {@code 24h}. Default: 24h
 * @param bind the address of the server that users connect to: {@code 0.0.0.0} for all. Default: 127.0.0.1
 * @param maxRemotes for a template: how many remotes it may have at a time. Default: 100
 * @param hosts the host that the remote may ask for. {@code {name}} stands for the remote's name, as in
 *     {@code {name}.dev.example.com}; left out for none
 */
@Schema(name = "Grants")
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record GrantBody(
        Optional<String> ports, int max, String sticky, String bind, int maxRemotes, Optional<String> hosts) {

    /** Returns the body for a definition. */
    public static GrantBody of(GrantDefinition grants) {
        return new GrantBody(
                Optional.of(grants.ports()).filter(ports -> !ports.isEmpty()),
                grants.max(),
                grants.sticky(),
                grants.bind(),
                grants.maxRemotes(),
                grants.hosts());
    }
}
