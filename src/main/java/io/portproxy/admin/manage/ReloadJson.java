package io.portproxy.admin.manage;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * What reading the configuration's files again has changed.
 *
 * @param added gateways, remotes, ports and hosts that are new
 * @param changed gateways, remotes, ports and hosts that are not what they were
 * @param removed gateways, remotes, ports and hosts that there are no more
 * @param restart properties that are written in another way than at the start, and take a restart
 */
@Schema(name = "Reload")
public record ReloadJson(
        List<ChangeJson.Item> added,
        List<ChangeJson.Item> changed,
        List<ChangeJson.Item> removed,
        List<String> restart) {}
