package io.portproxy.admin.manage;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * The changes made by a reload of the configuration's files.
 *
 * @param added gateways, remotes, ports and hosts that are new
 * @param changed gateways, remotes, ports and hosts that have changed
 * @param removed gateways, remotes, ports and hosts that were removed
 * @param restart properties that have changed since the start and need a restart
 */
@Schema(name = "Reload")
public record ReloadJson(
        List<ChangeJson.Item> added,
        List<ChangeJson.Item> changed,
        List<ChangeJson.Item> removed,
        List<String> restart) {}
