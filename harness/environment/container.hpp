#pragma once

#include <filesystem>
#include <string>

namespace gpubench {

/// What this process runs in: `kubernetes`, `docker`, `podman`, `lxc`, `slurm`, joined by `, ` where several hold;
/// empty on a bare machine. @param root where `/.dockerenv`, `proc` and so on are
std::string container(const std::filesystem::path& root = "/");

}  // namespace gpubench
