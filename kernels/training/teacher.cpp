#include "kernels/training/teacher.hpp"

#include "kernels/training/image_teacher.hpp"
#include "kernels/training/token_teacher.hpp"

namespace gpubench::training {

Teacher make_teacher(const Network& network) {
  if (network.reads_tokens())
    return
        [teacher = TokenTeacher(network)](auto index, auto tokens, auto next) { teacher.batch(index, tokens, next); };
  return
      [teacher = ImageTeacher(network)](auto index, auto images, auto labels) { teacher.batch(index, images, labels); };
}

}  // namespace gpubench::training
