package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.manage.ChangeResult;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;

/**
 * The changes of a request. With {@code dry-run}, the changes that it would make.
 *
 * @param dryRun whether the request was only checked
 * @param added gateways, remotes, ports and hosts that are new
 * @param changed gateways, remotes, ports and hosts that have changed
 * @param removed gateways, remotes, ports and hosts that were removed
 */
@Schema(name = "Change")
public record ChangeJson(boolean dryRun, List<Item> added, List<Item> changed, List<Item> removed) {

    /**
     * A gateway, or a remote, or one of a remote's ports or hosts.
     *
     * @param kind which of them it is
     * @param gateway the gateway's name; left out if it is about a remote
     * @param remote the remote's name; left out if it is about a gateway
     * @param port the port's name; left out if it is not about a port
     * @param host the host with its path, such as {@code app.example.com/api}; left out if it is not about a host
     */
    @Schema(name = "ChangedItem")
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Item(
            @Schema(allowableValues = {"gateway", "remote", "port", "host"})
            String kind,

            Optional<String> gateway,
            Optional<String> remote,
            Optional<String> port,
            Optional<String> host) {
        private static Item of(ChangeResult.Item item) {
            String kind = item.gateway().isPresent()
                    ? "gateway"
                    : item.port().isPresent() ? "port" : item.host().isPresent() ? "host" : "remote";
            return new Item(kind, item.gateway(), item.remote(), item.port(), item.host());
        }
    }

    static ChangeJson of(ChangeResult result, boolean dryRun) {
        return new ChangeJson(dryRun, items(result.added()), items(result.changed()), items(result.removed()));
    }

    private static List<Item> items(List<ChangeResult.Item> items) {
        return items.stream().map(Item::of).toList();
    }
}
