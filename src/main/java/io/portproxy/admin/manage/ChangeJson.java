package io.portproxy.admin.manage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.portproxy.manage.ChangeResult;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;

/**
 * What a request has changed, or with {@code dry-run} would have.
 *
 * @param dryRun whether it was only tried
 * @param added remotes and ports that are new
 * @param changed remotes and ports that are not what they were
 * @param removed remotes and ports that there are no more
 */
@Schema(name = "Change")
public record ChangeJson(boolean dryRun, List<Item> added, List<Item> changed, List<Item> removed) {

    /**
     * A remote or one of its ports.
     *
     * @param remote the remote's name
     * @param port the port's name; null if the remote itself is meant
     */
    @Schema(name = "ChangedItem")
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Item(String remote, Optional<String> port) {}

    static ChangeJson of(ChangeResult result, boolean dryRun) {
        return new ChangeJson(dryRun, items(result.added()), items(result.changed()), items(result.removed()));
    }

    private static List<Item> items(List<ChangeResult.Item> items) {
        return items.stream().map(item -> new Item(item.remote(), item.port())).toList();
    }
}
