package io.portproxy.admin.manage;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * What reading the configuration's files again has changed.
 *
 * @param added remotes and ports that are new
 * @param changed remotes and ports that are not what they were
 * @param removed remotes and ports that there are no more
 * @param restart properties that are written in another way than at the start, and take a restart
 */
@Schema(name = "Reload")
public record ReloadJson(
        List<ChangeJson.Item> added,
        List<ChangeJson.Item> changed,
        List<ChangeJson.Item> removed,
        List<String> restart) {}
