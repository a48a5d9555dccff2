"""transformers' image processors by name.

Values are those of transformers 5.23, class attributes of `image_processing_pil_*.py`. A processor that exists only
with torchvision is named as such; its values were read from its source once.
"""

from __future__ import annotations

from collections.abc import Mapping

from packager.tasks.processor import (
    Processor,
    convnext,
    levit,
    patches,
    plain,
    poolformer,
    pp_lcnet,
    pp_ocr_line,
    pp_ocr_line_end,
    pp_ocr_page,
    unpadded,
    warped,
)

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
HALF = (0.5, 0.5, 0.5)
CLIP_MEAN, CLIP_STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)

DETR = Processor(
    filter="bilinear",
    mean=IMAGENET_MEAN,
    std=IMAGENET_STD,
    size={"shortest_edge": 800, "longest_edge": 1333},
    square=False,
    resize=warped,
    pad=unpadded,
)
# torchvision only (image_processing_pp_doclayout_v2.py, _v3.py), where they do not antialias.
DOCUMENT_LAYOUT = Processor(
    filter="bicubic",
    mean=(0.0, 0.0, 0.0),
    std=(1.0, 1.0, 1.0),
    size={"height": 800, "width": 800},
    resize=warped,
    pad=unpadded,
)

PROCESSORS: Mapping[str, Processor] = {
    "BeitImageProcessor": Processor(
        filter="bicubic", mean=HALF, std=HALF, size={"height": 224, "width": 224}, resize=plain
    ),
    "BitImageProcessor": Processor(
        filter="bicubic",
        mean=CLIP_MEAN,
        std=CLIP_STD,
        size={"shortest_edge": 224},
        square=False,
        crop=224,
        resize=plain,
    ),
    "CLIPImageProcessor": Processor(
        filter="bicubic",
        mean=CLIP_MEAN,
        std=CLIP_STD,
        size={"shortest_edge": 224},
        square=False,
        crop=224,
        resize=plain,
    ),
    "ConvNextImageProcessor": Processor(
        filter="bicubic",
        mean=HALF,
        std=HALF,
        size={"shortest_edge": 384},
        square=False,
        crop_pct=224 / 256,
        resize=convnext,
    ),
    "DeiTImageProcessor": Processor(
        filter="bicubic", mean=HALF, std=HALF, size={"height": 256, "width": 256}, crop=224, resize=plain
    ),
    "DetrImageProcessor": DETR,
    "EfficientNetImageProcessor": Processor(
        filter="bicubic", mean=HALF, std=HALF, size={"height": 346, "width": 346}, again=True, resize=plain
    ),
    "LevitImageProcessor": Processor(
        filter="bicubic",
        mean=IMAGENET_MEAN,
        std=IMAGENET_STD,
        size={"shortest_edge": 224},
        square=False,
        crop=224,
        resize=levit,
    ),
    "MobileNetV1ImageProcessor": Processor(
        filter="bilinear", mean=HALF, std=HALF, size={"shortest_edge": 256}, square=False, crop=224, resize=plain
    ),
    "MobileNetV2ImageProcessor": Processor(
        filter="bilinear", mean=HALF, std=HALF, size={"shortest_edge": 256}, square=False, crop=224, resize=plain
    ),
    "MobileViTImageProcessor": Processor(
        filter="bicubic",
        mean=HALF,
        std=HALF,
        size={"shortest_edge": 224},
        square=False,
        crop=256,
        normalise=False,
        flip=True,
        resize=plain,
    ),
    # torchvision only (image_processing_pp_lcnet.py); its channels are turned to BGR last.
    "PPLCNetImageProcessor": Processor(
        filter="bilinear",
        mean=(0.406, 0.456, 0.485),
        std=(0.225, 0.224, 0.229),
        size={"height": 256, "width": 256},
        crop=224,
        flip=True,
        resize=pp_lcnet,
    ),
    # torchvision only (image_processing_pp_ocrv5_server_det.py); its channels are turned to BGR last.
    "PPOCRV5ServerDetImageProcessor": Processor(
        filter="bilinear",
        mean=(0.406, 0.456, 0.485),
        std=(0.225, 0.224, 0.229),
        size={"height": 960, "width": 960},
        flip=True,
        resize=pp_ocr_page,
    ),
    # torchvision only (image_processing_pp_ocrv5_server_rec.py).
    "PPOCRV5ServerRecImageProcessor": Processor(
        filter="bilinear",
        mean=HALF,
        std=HALF,
        size={"height": 48, "width": 320},
        resize=pp_ocr_line,
        pad=pp_ocr_line_end,
    ),
    # torchvision only (image_processing_pp_ocrv6_small_rec.py), where it does not antialias; its channels are turned to
    # BGR first.
    "PPOCRV6SmallRecImageProcessor": Processor(
        filter="bilinear",
        mean=HALF,
        std=HALF,
        size={"height": 48, "width": 320},
        flip=True,
        flips_first=True,
        resize=pp_ocr_line,
        pad=pp_ocr_line_end,
    ),
    "PoolFormerImageProcessor": Processor(
        filter="bicubic",
        mean=IMAGENET_MEAN,
        std=IMAGENET_STD,
        size={"shortest_edge": 224},
        square=False,
        crop=224,
        crop_pct=0.9,
        resize=poolformer,
    ),
    "PPDocLayoutV2ImageProcessor": DOCUMENT_LAYOUT,
    "PPDocLayoutV3ImageProcessor": DOCUMENT_LAYOUT,
    "PvtImageProcessor": Processor(
        filter="bicubic", mean=IMAGENET_MEAN, std=IMAGENET_STD, size={"height": 224, "width": 224}, resize=plain
    ),
    "RTDetrImageProcessor": Processor(
        filter="bilinear",
        mean=IMAGENET_MEAN,
        std=IMAGENET_STD,
        size={"height": 640, "width": 640},
        normalise=False,
        resize=warped,
        pad=unpadded,
    ),
    "Siglip2ImageProcessor": Processor(filter="bilinear", mean=HALF, std=HALF, size={}, resize=patches, pad=unpadded),
    "SiglipImageProcessor": Processor(
        filter="bicubic", mean=HALF, std=HALF, size={"height": 224, "width": 224}, square=False, resize=plain
    ),
    "ViTImageProcessor": Processor(
        filter="bilinear", mean=HALF, std=HALF, size={"height": 224, "width": 224}, resize=plain
    ),
    "YolosImageProcessor": DETR,
}

# Where the file names no class, the model's type does (transformers' IMAGE_PROCESSOR_MAPPING_NAMES).
BY_MODEL_TYPE: Mapping[str, str] = {
    **dict.fromkeys(("beit", "data2vec-vision"), "BeitImageProcessor"),
    **dict.fromkeys(("bit", "dinov2", "focalnet", "hiera"), "BitImageProcessor"),
    **dict.fromkeys(("clip", "clip_vision_model"), "CLIPImageProcessor"),
    **dict.fromkeys(("convnext", "convnextv2", "cvt", "regnet", "resnet"), "ConvNextImageProcessor"),
    "deit": "DeiTImageProcessor",
    **dict.fromkeys(("detr", "table-transformer"), "DetrImageProcessor"),
    "efficientnet": "EfficientNetImageProcessor",
    "levit": "LevitImageProcessor",
    "mobilenet_v1": "MobileNetV1ImageProcessor",
    "mobilenet_v2": "MobileNetV2ImageProcessor",
    **dict.fromkeys(("mobilevit", "mobilevitv2"), "MobileViTImageProcessor"),
    "poolformer": "PoolFormerImageProcessor",
    "pp_lcnet": "PPLCNetImageProcessor",
    **dict.fromkeys(
        ("pp_ocrv5_mobile_det", "pp_ocrv5_server_det", "pp_ocrv6_medium_det", "pp_ocrv6_small_det"),
        "PPOCRV5ServerDetImageProcessor",
    ),
    **dict.fromkeys(("pp_ocrv5_mobile_rec", "pp_ocrv5_server_rec"), "PPOCRV5ServerRecImageProcessor"),
    **dict.fromkeys(("pp_ocrv6_small_rec", "pp_ocrv6_tiny_rec"), "PPOCRV6SmallRecImageProcessor"),
    "pp_doclayout_v2": "PPDocLayoutV2ImageProcessor",
    "pp_doclayout_v3": "PPDocLayoutV3ImageProcessor",
    **dict.fromkeys(("pvt", "pvt_v2"), "PvtImageProcessor"),
    **dict.fromkeys(("rt_detr", "rt_detr_v2"), "RTDetrImageProcessor"),
    **dict.fromkeys(("siglip", "siglip_vision_model"), "SiglipImageProcessor"),
    **dict.fromkeys(("siglip2", "siglip2_vision_model"), "Siglip2ImageProcessor"),
    **dict.fromkeys(
        ("dinat", "ijepa", "swiftformer", "swin", "swinv2", "vit", "vit_mae", "vit_msn"), "ViTImageProcessor"
    ),
    "yolos": "YolosImageProcessor",
}
